/**
 * The worker's phone: today's list without signal, what was done there kept and sent when back. The pages work
 * without this; it is only offered where the browser can keep things and run a worker script.
 */

import { counted, mark, show } from "./offline/bar";
import { watchForm } from "./offline/form";
import { draw } from "./offline/queue";
import { sendAll, type Reached } from "./offline/send";
import { all, listen, tidy } from "./offline/store";
import { watchReport } from "./offline/report";
import { all as found, one } from "./portal/page";

const WALKS = 300_000; // milliseconds for which kept patrols are not fetched again
const AGAIN = 30_000; // milliseconds between two tries while something waits
const body = document.body;
const hand = body.dataset.hand ?? "";
let reached: Reached | null = null;

async function look(): Promise<number> {
  const now = await counted();
  show(now, reached);
  mark(now);
  const room = one<HTMLElement>("[data-queue]");
  if (room) {
    const mine = (await all()).filter((item) => item.hand === hand || (item.person === body.dataset.person && item.state !== "done"));
    draw(room, mine, now, reached === "no_signal" || navigator.onLine === false, { again: () => void go() });
  }
  return now.waiting.length;
}

/** Try to send what waits; afterwards a list drawn from a kept copy is drawn anew. */
async function go(): Promise<void> {
  const before = await look();
  if (!before && !body.dataset.keptAt) return;
  const answer = await sendAll().catch(() => null);
  if (answer !== null) reached = answer;
  const left = await look();
  const written = found<HTMLTextAreaElement>("textarea").some((area) => area.value !== "");
  const list = one("[data-rows], .walk") !== null && !written;
  if (typeof answer === "object" && answer && list && (left < before || body.dataset.keptAt)) location.reload();
}

/** Hand today's list to the worker script, with a mark per matter: what has not moved is not fetched again. */
async function keepToday(): Promise<void> {
  const script = await navigator.serviceWorker.register("/desk/worker.js");
  if (!one("[data-today]") || body.dataset.keptAt) return;
  const day = new Date().toDateString();
  const rows = found<HTMLElement>("[data-matter]");
  const pages = [
    { url: "/desk/", mark: rows.map((row) => `${row.dataset.matter}.${row.dataset.seq}`).join(" ") },
    { url: "/desk/report/", mark: day },
    { url: "/desk/queue/", mark: day },
    ...(one('a[href="/desk/patrol/"]') ? [{ url: "/desk/patrol/", mark: String(Math.floor(Date.now() / WALKS)) }] : []),
    ...rows.map((row) => ({ url: row.getAttribute("href") ?? "", mark: row.dataset.seq ?? "" })),
  ];
  const ready = await navigator.serviceWorker.ready;
  (ready.active ?? script.active)?.postMessage({ kind: "today", hand, pages });
}

function watch(): void {
  for (const form of found<HTMLFormElement>("form[data-later]")) watchForm(form);
  const report = one<HTMLFormElement>("form#report");
  if (report) watchReport(report);
  listen(() => void look());
  window.addEventListener("online", () => void go());
  window.addEventListener("offline", () => void look());
  window.addEventListener("pageshow", (event) => event.persisted && void go());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void go());
  window.setInterval(() => void go(), AGAIN);
  const leave = one<HTMLElement>("[data-leaving]");
  if (leave) void counted().then((now) => {
    const count = now.waiting.length + now.stopped.length;
    leave.hidden = count === 0;
    leave.textContent = `还有 ${count} 条没有发。退出后留在这台手机里，别人看不到，您再登录时发。`;
  });
}

if (hand && "serviceWorker" in navigator && "indexedDB" in window && window.isSecureContext) {
  watch();
  void tidy(hand).then(go).catch(() => undefined);
  const idle = "requestIdleCallback" in window ? window.requestIdleCallback : (act: () => void) => setTimeout(act, 500);
  window.addEventListener("load", () => idle(() => void keepToday().catch(() => undefined)));
}
