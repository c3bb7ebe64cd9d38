/** Sending what waits, one after another, under the same keys: a lost answer makes no second matter. */

import { all, get, put, remove, type Item, type Now, type State } from "./store";

export interface Hand {
  hand: string;
  person: string;
  name: string;
  token: string;
}

export type Reached = Hand | "no_signal" | "signed_out" | "ended";

const ASK = 8_000; // milliseconds until a phone without signal is believed to have none
const SEND = 90_000; // milliseconds for an act with nine photos on a slow line
const REFUSED: State[] = ["someone_was_faster", "not_now", "not_yet", "not_yours", "say_more", "other_content"];

async function timed(address: string, asked: RequestInit, longest: number): Promise<Response> {
  const stop = new AbortController();
  const bell = setTimeout(() => stop.abort(), longest);
  try {
    return await fetch(address, { ...asked, signal: stop.signal });
  } finally {
    clearTimeout(bell);
  }
}

/** Whose hand the server sees now, with a fresh token. */
export async function reach(): Promise<Reached> {
  if (navigator.onLine === false) return "no_signal";
  const headers = { Accept: "application/json" };
  try {
    const answer = await timed("/desk/hand/", { headers, cache: "no-store", credentials: "same-origin" }, ASK);
    if (answer.status === 403) return "ended";
    if (answer.status === 401) return "signed_out";
    return answer.ok ? ((await answer.json()) as Hand) : "no_signal";
  } catch {
    return "no_signal";
  }
}

export type Outcome = "done" | "refused" | "later" | "signed_out";

/** Send one item; what became of it stands in the item afterwards. ``show``: the next page says what was done. */
export async function sendOne(item: Item, hand: Hand, show = false): Promise<Outcome> {
  if (item.hand !== hand.hand) return "later";
  const form = new FormData();
  form.set("csrfmiddlewaretoken", hand.token);
  for (const part of item.parts) {
    if (typeof part.value === "string") form.append(part.name, part.value);
    else form.append(part.name, part.value, part.file ?? "photo.jpg");
  }
  const headers: Record<string, string> = { Accept: "application/json" };
  if (show) headers["Gongzhi-Show"] = "1";
  let answer: Response;
  try {
    const asked = { method: "POST", body: form, headers, credentials: "same-origin" as const, redirect: "manual" as const };
    answer = await timed(item.url, asked, SEND);
  } catch {
    item.tries += 1;
    return "later";
  }
  return judge(item, answer);
}

async function judge(item: Item, answer: Response): Promise<Outcome> {
  item.tries += 1;
  if (answer.type === "opaqueredirect") return "signed_out";
  if (answer.headers.get("Content-Type")?.includes("json")) {
    const said = (await answer.json()) as { state: State; sentence: string; to?: string; lines?: string[]; number?: string; now?: Now };
    item.sentence = said.sentence;
    item.lines = said.lines ?? [];
    item.now = said.now;
    if (said.state === "done") {
      Object.assign(item, { state: "done", to: said.to ?? "", number: said.number ?? item.number, parts: [], words: "" });
      return "done";
    }
    if (REFUSED.includes(said.state)) {
      item.state = said.state;
      return "refused";
    }
    return "later";
  }
  if (answer.status === 404) {
    Object.assign(item, { state: "not_yours", sentence: "这件事不在了，或者现在不归您看。" });
    return "refused";
  }
  if (answer.status === 400 || answer.status === 413) {
    Object.assign(item, { state: "say_more", sentence: "这次送的太大，没有收下。少带几张照片再发一次。" });
    return "refused";
  }
  return answer.status === 403 ? "signed_out" : "later";
}

/** One sender at a time on this phone, whichever tab or script it runs in; ``null`` where another is at it. */
export async function alone<T>(act: () => Promise<T>): Promise<T | null> {
  if (!("locks" in navigator)) return act();
  return navigator.locks.request("gongzhi-send", { ifAvailable: true }, async (lock) => (lock ? act() : null));
}

/** Send everything of the present hand that waits, in order; stops where there is no signal. */
export async function sendAll(): Promise<Reached | null> {
  return alone(async () => {
    const mine = (await all()).filter((one) => one.state === "waiting");
    const hand = await reach();
    if (typeof hand === "string") return hand;
    for (const { key } of mine.filter((one) => one.hand === hand.hand)) {
      const item = await get(key); // thrown away or changed meanwhile, in another tab
      if (!item || item.state !== "waiting") continue;
      const outcome = await sendOne(item, hand);
      if (await get(key)) await put(item);
      if (outcome === "signed_out") return "signed_out";
      if (outcome === "later") return "no_signal";
    }
    return hand;
  });
}

/** Send one now and let go of it where it was taken. */
export async function sendNow(item: Item, hand: Hand): Promise<Outcome> {
  const outcome = await alone(() => sendOne(item, hand, true));
  if (outcome === "done") await remove(item.key);
  return outcome ?? "later";
}
