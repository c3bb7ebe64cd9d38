/** The bar under the title while anything waits, and the dashed tag on what it belongs to. */

import { all as found, icon, one } from "../portal/page";
import type { Reached } from "./send";
import { all, type Item } from "./store";

const body = document.body;

export interface Counted {
  waiting: Item[];
  stopped: Item[]; // taken back by the server: somebody has to look
  sealed: number; // of somebody else
  otherPost: number; // of the same person under another mandate
}

export async function counted(): Promise<Counted> {
  const out: Counted = { waiting: [], stopped: [], sealed: 0, otherPost: 0 };
  for (const item of await all()) {
    if (item.state === "done") continue;
    if (item.hand === body.dataset.hand) (item.state === "waiting" ? out.waiting : out.stopped).push(item);
    else if (item.person === body.dataset.person) out.otherPost += 1;
    else out.sealed += 1;
  }
  return out;
}

/** Put the bar under the title of the page and say what stands. */
export function show(now: Counted, reached: Reached | null): void {
  const bar = one<HTMLElement>("[data-offline]");
  if (!bar) return;
  const title = one<HTMLElement>("main .bar") ?? one<HTMLElement>("main .work__head");
  if (title && bar.previousElementSibling !== title) title.after(bar);
  const words = said(now, reached);
  bar.hidden = !words;
  if (!words) return;
  const [first, then, link] = words;
  const count = one("[data-offline-count]", bar);
  const small = one("[data-offline-words]", bar);
  if (count) count.textContent = first;
  if (small) small.textContent = then;
  const way = one<HTMLAnchorElement>("a", bar);
  if (way) {
    way.hidden = !link || (link === "查看" && one("[data-queue]") !== null);
    way.textContent = link === "登录" ? "登录" : "查看";
    way.href = link === "登录" ? "/desk/login/?next=/desk/queue/" : "/desk/queue/";
  }
}

function said(now: Counted, reached: Reached | null): [string, string, string] | null {
  const waits = now.waiting.length;
  const noSignal = reached === "no_signal" || navigator.onLine === false;
  if (reached === "signed_out" || reached === "ended") {
    return waits ? [`${waits} 条待发送`, "登录过期了，登录后自动发出", "登录"] : null;
  }
  if (waits) return [`${waits} 条待发送`, noSignal ? "没有网络，连上后自动发出" : "正在发送", "查看"];
  if (now.stopped.length) return [`${now.stopped.length} 条没有发成`, "有人先动了，或者要补一句", "查看"];
  if (body.dataset.keptAt) return ["没有网络", `看的是 ${clock(Number(body.dataset.keptAt))} 存下的`, ""];
  return null;
}

export function clock(at: number): string {
  const then = new Date(at);
  const day = then.toDateString() === new Date().toDateString() ? "今天" : `${then.getMonth() + 1}-${then.getDate()}`;
  return `${day} ${String(then.getHours()).padStart(2, "0")}:${String(then.getMinutes()).padStart(2, "0")}`;
}

/** Rows of the list and the matter's title carry what waits for them; reports that wait stand above the list. */
export function mark(now: Counted): void {
  for (const tag of found("[data-waits]")) tag.remove();
  const waiting = [...now.waiting, ...now.stopped];
  for (const item of waiting) {
    const row = item.matter && !stops(item).length ? one(`[data-matter="${item.matter}"] .item__marks, .matter__title[data-matter="${item.matter}"]`) : null;
    row?.append(dashed(item));
  }
  for (const item of waiting) {
    for (const n of stops(item)) one(`[data-stop="${n}"] .item__marks`)?.append(dashed(item));
  }
  const list = one("[data-today]") ? one<HTMLElement>("[data-rows]") : null;
  const fresh = waiting.filter((item) => !item.matter);
  if (!list || !fresh.length) return;
  const head = document.createElement("div");
  head.className = "group-head";
  head.dataset.waits = "";
  const words = document.createElement("span");
  const bold = document.createElement("b");
  bold.textContent = "还在手机里";
  words.append(bold, ` ${fresh.length} 件`);
  head.append(words);
  list.prepend(head, ...fresh.map(row));
}

/** The points of a patrol an item is about, where this page is that patrol's. */
function stops(item: Item): string[] {
  const shown = one<HTMLElement>(".walk [data-matter]")?.dataset.matter ?? "";
  const said = (name: string): string => {
    const value = item.parts.find((part) => part.name === name)?.value;
    return typeof value === "string" ? value : "";
  };
  if (item.matter && item.matter === shown) return said("stops").split(",").filter(Boolean);
  const [patrol, n] = said("stop").split("-");
  return patrol && patrol === shown && n ? [n] : [];
}

function row(item: Item): HTMLElement {
  const link = document.createElement("a");
  link.className = "item";
  link.href = "/desk/queue/";
  link.dataset.waits = "";
  for (const [name, text] of [["item__title", item.title], ["item__place", item.place]] as const) {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    link.append(span);
  }
  const marks = document.createElement("span");
  marks.className = "item__marks";
  marks.append(dashed(item));
  link.append(marks);
  return link;
}

export function dashed(item: Item): HTMLElement {
  const tag = document.createElement("span");
  tag.className = "tag tag--draft";
  tag.dataset.waits = "";
  tag.append(icon("g-dash"), item.state === "waiting" ? `${item.label}待发送` : `${item.label}没有发成`);
  return tag;
}
