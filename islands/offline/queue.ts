/** 待发送: each item, what became of it, and what can be done with it. Nothing goes without the worker's word. */

import { icon, one } from "../portal/page";
import { clock, type Counted } from "./bar";
import { get, newKey, put, remove, type Item, type Now, type State } from "./store";

const NOTE = 1000; // signs of an internal note

const HEADS: Record<State, string> = {
  waiting: "待发送",
  done: "已送到",
  someone_was_faster: "有人先动了",
  not_now: "现在做不了这一步",
  not_yet: "现在还不能",
  not_yours: "不归您",
  say_more: "还要补一句",
  other_content: "这张表先前送出过",
};

export interface Ways {
  again: () => void;
}

export function draw(room: HTMLElement, items: Item[], now: Counted, noSignal: boolean, ways: Ways): void {
  const open = room.querySelector<HTMLElement>("[data-asking]")?.closest<HTMLElement>("[data-item]")?.dataset.item;
  if (open) return; // a question stands open: nothing moves under the finger
  const parts: Node[] = [];
  if (now.waiting.length) parts.push(above(now.waiting.length, noSignal, ways));
  const list = document.createElement("ul");
  list.className = "queue stack-12";
  const order = [...items].sort((a, b) => rank(a) - rank(b) || a.happened.localeCompare(b.happened));
  list.append(...order.map((item) => card(item, ways)));
  if (items.length) parts.push(list);
  else parts.push(empty());
  if (now.sealed) parts.push(note(`另一位的 ${now.sealed} 条，登录后才发。这里看不到内容。`));
  room.replaceChildren(...parts);
}

function rank(item: Item): number {
  return item.state === "waiting" ? 1 : item.state === "done" ? 2 : 0;
}

function above(count: number, noSignal: boolean, ways: Ways): HTMLElement {
  const box = text("div", "stack-8", "");
  box.append(text("p", "soft", noSignal ? "没有网络。连上后按先后自动发出，也可以自己点。" : "按先后一条一条发。"));
  box.append(button(`现在发这 ${count} 条`, "btn btn--main btn--wide", ways.again));
  return box;
}

function card(item: Item, ways: Ways): HTMLElement {
  const box = text("li", "sheet stack-8", "");
  box.dataset.item = item.key;
  const head = text("div", "head", "");
  head.append(text("b", "", item.title || item.label), text("span", "meta", clock(Date.parse(item.happened))));
  box.append(head);
  box.append(text("p", "soft", [item.number, item.place].filter(Boolean).join("　")));
  const mark = text("span", `tag tag--${item.state === "done" ? "done" : item.state === "waiting" ? "draft" : "review"}`, "");
  mark.append(icon(item.state === "done" ? "g-tick" : item.state === "waiting" ? "g-dash" : "g-hourglass"));
  mark.append(item.state === "waiting" ? `${item.label}待发送` : `${item.label}，${HEADS[item.state]}`);
  box.append(mark);
  if (item.sentence && item.state !== "waiting") box.append(text("p", item.state === "done" ? "soft" : "", item.sentence));
  if (item.now) box.append(sideBySide(item, item.now));
  else {
    for (const line of item.lines) box.append(text("p", "soft", line));
    if (item.words) box.append(text("blockquote", "quote", item.words));
  }
  if (elsewhere(item)) box.append(text("p", "soft", "这一条是用您的另一个身份做的，换回那个身份后自动发。"));
  const photos = item.parts.filter((part) => typeof part.value !== "string");
  if (photos.length) box.append(shots(photos.map((part) => part.value as Blob)));
  box.append(buttons(item, ways));
  return box;
}

/** What is there now, and what was written without signal: both whole, beside each other. */
function sideBySide(item: Item, now: Now): HTMLElement {
  const box = text("div", "queue__sides", "");
  const there = text("section", "stack-8", "");
  there.append(text("h2", "", "现在是"), text("p", "", `“${now.stage}”`), ...item.lines.map((line) => text("p", "soft", line)));
  const mine = text("section", "stack-8", "");
  mine.append(text("h2", "", `您在 ${clock(Date.parse(item.happened))} 写的`), text("p", "", `“${item.label}”`));
  for (const [label, value] of item.said ?? []) mine.append(text("p", "soft", label === value ? value : `${label}：${value}`));
  if (!item.said?.length && item.words) mine.append(text("p", "soft", item.words));
  box.append(there, mine);
  return box;
}

function shots(blobs: Blob[]): HTMLElement {
  const box = text("div", "shots", "");
  for (const blob of blobs) {
    if (!blob.type.startsWith("image/")) continue;
    const picture = document.createElement("img");
    picture.src = URL.createObjectURL(blob);
    picture.alt = "要送的照片";
    picture.width = picture.height = 64;
    picture.className = "queue__pic";
    box.append(picture);
  }
  return box;
}

function buttons(item: Item, ways: Ways): HTMLElement {
  const box = text("div", "btns", "");
  if (elsewhere(item)) box.append(button("用现在的身份发", "btn", () => void takeOver(item, ways)));
  if (item.state === "done") {
    if (item.matter) box.append(link("看这件事", home(item)));
    box.append(button("收起", "btn btn--quiet", () => void remove(item.key)));
    return box;
  }
  if (item.state === "someone_was_faster" && item.matter) box.append(link("看新情况", home(item)));
  if (item.now?.again) box.append(button("照样发", "btn", () => void onNewer(item, ways)));
  if (item.now?.note) box.append(button("留作内部留言", "btn", () => void asNote(item, ways)));
  if (item.state === "other_content") box.append(button("当作另一件再发", "btn", () => void anew(item, ways)));
  if (!["waiting", "not_yours"].includes(item.state)) box.append(link("改一改再发", `${form(item)}#instead-${item.key}`));
  if (item.words && navigator.clipboard) {
    const copy = button("复制我写的", "btn", () => {
      void navigator.clipboard.writeText(item.words).then(() => (copy.textContent = "复制好了"));
    });
    box.append(copy);
  }
  box.append(button("不发了…", "btn btn--quiet", () => ask(item)));
  return box;
}

/** The page of what an item is about. */
function home(item: Item): string {
  return item.url.replace(/do\/[^/]+\/$/, "");
}

/** The same act once more, having seen what is there now: under its own key, a refused act has not used it up. */
async function onNewer(item: Item, ways: Ways): Promise<void> {
  const parts = item.parts.map((part) => (part.name === "seen" ? { ...part, value: String(item.now?.seen ?? "") } : part));
  await put({ ...item, parts, state: "waiting", sentence: "", lines: [], now: undefined });
  ways.again();
}

/** What was written, kept beside the matter for the colleagues; its photos stay here until they are thrown away. */
async function asNote(item: Item, ways: Ways): Promise<void> {
  const key = newKey();
  const words = [`没有信号时的“${item.label}”，没有送成`, ...(item.said ?? []).map(([label, value]) => `${label}：${value}`)].join("；");
  const happened = item.parts.filter((part) => part.name === "happened");
  const parts = [{ name: "key", value: key }, { name: "note", value: words.slice(0, NOTE) }, ...happened];
  const note = { ...item, key, parts, url: `${home(item)}do/note/`, label: "内部留言", words, said: [], now: undefined };
  await put({ ...note, state: "waiting", sentence: "", lines: [] });
  if (!item.parts.some((part) => typeof part.value !== "string")) await remove(item.key);
  else await put({ ...item, now: item.now && { ...item.now, note: false } });
  ways.again();
}

/** Where the form of an item stands: an act's own page, or the report in its own way. */
function form(item: Item): string {
  const way = item.parts.find((part) => part.name === "way")?.value;
  return item.matter ? item.url : `/desk/report/?way=${typeof way === "string" ? way : ""}`;
}

/** Made by the same person under another mandate: it waits for that one, unless they say otherwise. */
function elsewhere(item: Item): boolean {
  return item.hand !== document.body.dataset.hand;
}

async function takeOver(item: Item, ways: Ways): Promise<void> {
  await put({ ...item, hand: document.body.dataset.hand ?? "", state: "waiting", sentence: "", lines: [] });
  ways.again();
}

async function anew(item: Item, ways: Ways): Promise<void> {
  const key = newKey();
  const parts = item.parts.map((part) => (part.name === "key" ? { ...part, value: key } : part));
  await put({ ...item, key, parts, state: "waiting", sentence: "", lines: [] });
  await remove(item.key);
  ways.again();
}

/** The question before anything is thrown away. */
function ask(item: Item): void {
  const box = one<HTMLElement>(`[data-item="${item.key}"]`);
  if (!box || one("[data-asking]", box)) return;
  const room = text("div", "confirm stack-8", "");
  room.dataset.asking = "";
  room.setAttribute("role", "alertdialog");
  room.append(text("h2", "", `“${item.title || item.label}”这一条不发了？`));
  room.append(text("p", "", "写的和照片只在这台手机里，去掉就没有了。"));
  const pair = text("div", "btns--two", "");
  pair.append(
    button("去掉", "btn btn--grave", () => {
      room.remove();
      void get(item.key).then((found) => found && remove(item.key));
    }),
    button("先不", "btn", () => room.remove()),
  );
  room.append(pair);
  box.append(room);
  one<HTMLButtonElement>("button:last-child", pair)?.focus();
}

function empty(): HTMLElement {
  const box = text("div", "empty", "");
  box.append(text("h2", "", "没有待发送的"), text("p", "", "没有网络时做的先存在手机里，连上就发。发不成的也会留在这里，等您看。"));
  return box;
}

function note(words: string): HTMLElement {
  const line = text("p", "note", "");
  line.append(icon("lock"), text("span", "", words));
  return line;
}

function text(tag: string, name: string, words: string): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (words) made.textContent = words;
  return made;
}

function button(words: string, name: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function link(words: string, to: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.className = "btn";
  made.href = to;
  made.textContent = words;
  return made;
}
