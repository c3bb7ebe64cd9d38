/**
 * The report being written, kept on this phone until it is sent: words, photos and voice, for three days. It is put
 * back only when asked, and never what tells of danger at home: somebody else may hold the phone.
 */

import { all, icon, one } from "./page";

const NAME = "gongzhi-unsent";
const ROWS = "drafts";
const ONE = "report";
const LONGEST = 72 * 3_600_000; // milliseconds
const PAUSE = 400; // milliseconds after the last change
const NO_SIGNAL = "没有网络，还没有送出。写的和照片存在这部手机里，连上后再点一次；关掉也不丢，三天内再打开能放回来。";
const NOT_KEPT = "没有网络，还没有送出。这部手机不让网页存东西，先别关这一页，连上后再点一次。";

interface Unsent {
  id: string;
  at: number;
  words: string;
  photos: File[];
  voice: File[];
}

async function run<T>(mode: IDBTransactionMode, act: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await new Promise<IDBDatabase>((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ROWS, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  try {
    return await new Promise<T>((done, fail) => {
      const turn = base.transaction(ROWS, mode);
      const asked = act(turn.objectStore(ROWS));
      turn.oncomplete = () => done(asked.result);
      turn.onabort = () => fail(turn.error ?? asked.error);
    });
  } finally {
    base.close();
  }
}

/** Let go of what was kept: it was sent, put back, or not wanted. */
export async function forget(): Promise<void> {
  if (!("indexedDB" in window)) return;
  await run("readwrite", (rows) => rows.delete(ONE)).catch(() => undefined);
}

/** Watch the first page of a report. */
export function watchUnsent(form: HTMLFormElement): void {
  if (!("indexedDB" in window)) return;
  const words = one<HTMLTextAreaElement>('textarea[name="words"]', form);
  if (!words) return;
  let waiting = 0;
  let kept = true;
  const again = (): void => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void keep(form, words).then((done) => (kept = done)), PAUSE);
  };
  const guessed = one<HTMLElement>("[data-guess-here]", form);
  if (guessed) new MutationObserver(() => void (dangerous(form, words) && forget())).observe(guessed, { childList: true, subtree: true });
  form.addEventListener("input", again);
  form.addEventListener("change", again);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine !== false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void keep(form, words).then((done) => (kept = done)).then(() => say(form, kept ? NO_SIGNAL : NOT_KEPT));
  }, { capture: true });
  void offer(form, words).catch(() => undefined);
}

/** Words of danger stand in it, as the server found or, without a signal, as the page was given them: no trace stays. */
function dangerous(form: HTMLFormElement, words: HTMLTextAreaElement): boolean {
  const said = words.value.replace(/\s/g, "");
  const known = (form.dataset.danger ?? "").split("|").filter(Boolean);
  if (known.some((phrase) => phrase.split("+").every((part) => said.includes(part)))) return true;
  return one("[data-guess-here] .note--first", form) !== null;
}

function files(form: HTMLFormElement, name: string): File[] {
  return [...(one<HTMLInputElement>(`input[name="${name}"]`, form)?.files ?? [])];
}

async function keep(form: HTMLFormElement, words: HTMLTextAreaElement): Promise<boolean> {
  const row: Unsent = { id: ONE, at: Date.now(), words: words.value, photos: files(form, "photos"), voice: files(form, "voice") };
  if (dangerous(form, words)) return forget().then(() => false);
  if (!row.words.trim() && !row.photos.length && !row.voice.length) return true;
  return run("readwrite", (rows) => rows.put(row)).then(() => true, () => false);
}

/** What was kept is named without its words; a tap puts it back. */
async function offer(form: HTMLFormElement, words: HTMLTextAreaElement): Promise<void> {
  const row = (await run("readonly", (rows) => rows.get(ONE) as IDBRequest<Unsent | undefined>)) ?? null;
  if (!row) return;
  if (!(Date.now() - row.at < LONGEST)) return forget();
  if (words.value.trim() || all(".pick img", form).length) return;
  const note = document.createElement("div");
  note.className = "note";
  note.dataset.unsent = "";
  const said = document.createElement("div");
  said.className = "stack-8";
  const told = document.createElement("p");
  const photos = row.photos.length ? `，有 ${row.photos.length} 张照片` : "";
  told.textContent = `上次没送出的还存在这部手机里${photos}。`;
  const pair = document.createElement("div");
  pair.className = "btns--two";
  pair.append(
    button("放回来", () => {
      words.value = row.words;
      give(form, row);
      note.remove();
      words.dispatchEvent(new Event("input", { bubbles: true }));
    }),
    button("不要了", () => void forget().then(() => note.remove())),
  );
  said.append(told, pair);
  note.append(icon("info"), said);
  one(".main", form)?.prepend(note);
}

function give(form: HTMLFormElement, row: Unsent): void {
  one<HTMLElement>("[data-picks]", form)?.dispatchEvent(new CustomEvent("gongzhi-give", { detail: row.photos }));
  if (row.voice[0]) one<HTMLElement>("[data-voice]", form)?.dispatchEvent(new CustomEvent("gongzhi-give", { detail: row.voice[0] }));
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function say(form: HTMLFormElement, sentence: string): void {
  const room = one<HTMLElement>(".foot-act .col", form);
  if (!room) return;
  one("[data-said-here]", room)?.remove();
  const line = document.createElement("p");
  line.className = "field__error";
  line.dataset.saidHere = "";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  room.prepend(line);
}
