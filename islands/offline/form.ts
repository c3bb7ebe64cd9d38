/**
 * Forms that may be sent later. What is sent is first written down on the phone under its key, then sent; without
 * signal it stays there. What the server does not take goes back through the page itself, so that the form is drawn
 * once more with its sentences. Without this script the form goes straight to the server.
 */

import { all as found, one } from "../portal/page";
import { say, watchPhotos } from "./photos";
import { reach, sendNow } from "./send";
import { get, newKey, put, remove, type Item, type Part } from "./store";

const NO_ROOM = "手机存不下了，这一条没有存。腾出一点地方，或者少带几张照片，再点一次。写的都还在。";
const NOT_KEPT = "这台手机不让网页存东西，没有网络时存不下。写的都还在，有网络时再点一次。";
const PHONE = "(max-width: 899px)";
const UNSENT = ["csrfmiddlewaretoken"];

/** Whether this page was drawn from a kept copy: then its key may have been used before. */
const keptAt = document.body.dataset.keptAt;

export function watchForm(form: HTMLFormElement): void {
  if (keptAt || one("[data-fresh]", form)) freshKey(form);
  for (const picks of found<HTMLElement>(".picks", form)) watchPhotos(picks, (lat, lon) => point(form, lat, lon, "photo"));
  form.addEventListener("submit", (event) => {
    if (!window.matchMedia(PHONE).matches && navigator.onLine !== false) return; // a desk on its cable
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.going) return;
    form.dataset.going = "yes";
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : one<HTMLButtonElement>("[data-busy]", form);
    const words = button?.textContent ?? "";
    busy(button, button?.dataset.busy ?? words, true);
    void send(form).catch(() => false).then((gone) => {
      if (gone) return;
      delete form.dataset.going;
      busy(button, words, false);
    });
  }, { capture: true });
  void fill(form);
}

function busy(button: HTMLButtonElement | null, words: string, yes: boolean): void {
  if (!button) return;
  button.style.minWidth = yes ? `${button.offsetWidth}px` : "";
  button.classList.toggle("btn--busy", yes);
  button.textContent = words;
}

/** A position, kept unless one more exact stands there already: the phone's own before a photo's. */
export function point(form: HTMLFormElement, lat: number, lon: number, source: string): void {
  const held = one<HTMLInputElement>('input[name="point_source"]', form);
  if (!held || (held.value === "phone" && source === "photo")) return;
  held.value = source;
  for (const [name, value] of [["lat", lat], ["lon", lon]] as const) {
    const field = one<HTMLInputElement>(`input[name="${name}"]`, form);
    if (field) field.value = value.toFixed(6);
  }
}

function freshKey(form: HTMLFormElement): void {
  const field = one<HTMLInputElement>('input[name="key"]', form);
  if (field) field.value = newKey();
}

/** True where the page is being left. */
async function send(form: HTMLFormElement): Promise<boolean> {
  const item = written(form);
  const held = await keep(item);
  const hand = await reach();
  if (hand === "ended") {
    // it stays with its owner: the next page says why, shows it, and asks whether to hand it on
    if (held) {
      location.assign("/desk/");
      return true;
    }
    HTMLFormElement.prototype.submit.call(form);
    return true;
  }
  if (typeof hand === "string" || hand.hand !== item.hand) return held ? left(form) : nothing(form, hand === "no_signal");
  const outcome = await sendNow(item, hand);
  const before = form.dataset.instead;
  if (outcome === "done" && before) await remove(before);
  if (outcome === "done") {
    location.assign(item.to || "/desk/");
    return true;
  }
  if (outcome === "refused") {
    await remove(item.key);
    one<HTMLInputElement>('input[name="csrfmiddlewaretoken"]', form)!.value = hand.token;
    HTMLFormElement.prototype.submit.call(form);
    return true;
  }
  return held ? left(form) : nothing(form, true);

  async function left(of: HTMLFormElement): Promise<boolean> {
    if (of.dataset.instead) await remove(of.dataset.instead);
    freshKey(of); // going back and sending once more is another act
    await later();
    location.assign(of.dataset.back ?? "/desk/");
    return true;
  }
}

/** Ask the browser to try by itself when there is signal; where it cannot, the next page does. */
async function later(): Promise<void> {
  const script = await navigator.serviceWorker?.getRegistration("/desk/").catch(() => undefined);
  const sync = (script as { sync?: { register: (tag: string) => Promise<void> } } | undefined)?.sync;
  await sync?.register("queue").catch(() => undefined);
  await navigator.storage?.persist?.().catch(() => false);
}

let whyNot = "";

async function keep(item: Item): Promise<boolean> {
  try {
    await put(item);
    return true;
  } catch (fault) {
    whyNot = fault instanceof DOMException && fault.name === "QuotaExceededError" ? NO_ROOM : NOT_KEPT;
    return false;
  }
}

/** Neither kept nor sent: say so beside the button. */
function nothing(form: HTMLFormElement, noSignal: boolean): boolean {
  const place = one<HTMLElement>(".act-buttons", form) ?? form;
  say(place, noSignal ? whyNot : "登录过期了，没有送出。写的都还在，登录后再点一次。");
  return false;
}

function written(form: HTMLFormElement): Item {
  const parts: Part[] = [];
  for (const [name, value] of new FormData(form)) {
    if (UNSENT.includes(name) || (value instanceof File && value.size === 0)) continue;
    parts.push(value instanceof File ? { name, value, file: value.name } : { name, value });
  }
  const happened = new Date().toISOString();
  parts.push({ name: "happened", value: happened });
  const texts = found<HTMLTextAreaElement>("textarea", form).map((area) => area.value.trim());
  const said = (name: string): string => one<HTMLInputElement | HTMLTextAreaElement>(`[name="${name}"]`, form)?.value ?? "";
  const area = one<HTMLSelectElement>('select[name="area"]', form)?.selectedOptions[0]?.textContent ?? "";
  return {
    key: said("key"),
    hand: document.body.dataset.hand ?? "",
    person: document.body.dataset.person ?? "",
    url: form.getAttribute("action") ?? location.pathname,
    label: form.dataset.later ?? "",
    matter: /\/(?:m|patrol)\/(\d+)\//.exec(form.action)?.[1] ?? "",
    number: form.dataset.number ?? "",
    title: form.dataset.title || said("words").trim().slice(0, 24),
    place: form.dataset.place || said("place").trim() || area,
    happened,
    parts,
    words: texts.filter(Boolean).join("\n"),
    said: answers(form),
    state: "waiting",
    sentence: "",
    lines: [],
    to: "",
    tries: 0,
  };
}

/** What was answered, question by question, in the words of the form. */
function answers(form: HTMLFormElement): [string, string][] {
  const told: [string, string][] = [];
  for (const field of found<HTMLElement>(".field, fieldset", form)) {
    if (field.matches(".field") && one("fieldset", field)) continue;
    const label = one<HTMLElement>(".field__label", field)?.firstChild?.textContent?.trim() ?? "";
    const picked = found<HTMLInputElement>("input:checked", field).map((each) => each.closest("label")?.textContent?.trim() ?? "");
    const written = found<HTMLTextAreaElement | HTMLSelectElement | HTMLInputElement>(
      'textarea, select, input:not([type="hidden"], [type="file"], [type="radio"], [type="checkbox"])', field);
    const typed = written.map((each) => (each instanceof HTMLSelectElement && each.value ? each.selectedOptions[0]?.textContent ?? "" : each.value).trim());
    const value = [...picked, ...typed].filter(Boolean).join("、");
    if (value) told.push([label || picked.join("、"), value]);
  }
  return told;
}

/** “改一改再发”: what was written stands in the form again, photos included. */
async function fill(form: HTMLFormElement): Promise<void> {
  const key = /^#instead-([0-9a-f]{32})$/.exec(location.hash)?.[1];
  const item = key ? await get(key).catch(() => undefined) : undefined;
  if (!item || item.hand !== document.body.dataset.hand) return;
  form.dataset.instead = item.key;
  const files = new Map<string, File[]>();
  for (const part of item.parts) {
    if (["key", "seen", "happened"].includes(part.name)) continue;
    if (typeof part.value !== "string") {
      const file = new File([part.value], part.file ?? "photo.jpg", { type: part.value.type });
      files.set(part.name, [...(files.get(part.name) ?? []), file]);
    } else putBack(form, part.name, part.value);
  }
  for (const [name, list] of files) {
    const picks = one<HTMLElement>(`input[type="file"][name="${name}"]`, form)?.closest(".picks");
    picks?.dispatchEvent(new CustomEvent("gongzhi-give", { detail: list }));
  }
}

function putBack(form: HTMLFormElement, name: string, value: string): void {
  for (const field of found<HTMLInputElement>(`[name="${name}"]`, form)) {
    if (field.type === "file") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
    else field.value = value;
    const fold = field.closest("details");
    if (fold && value) fold.open = true;
  }
}
