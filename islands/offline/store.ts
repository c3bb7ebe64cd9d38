/** What waits on this phone to be sent: acts and reports with their photos, in IndexedDB, each under its own key. */

export interface Part {
  name: string;
  value: string | Blob;
  file?: string;
}

export type State = "waiting" | "done" | "someone_was_faster" | "not_now" | "not_yet" | "not_yours" | "say_more" | "other_content";

/** Where a matter stands now, told where somebody was faster: its stage, the entry last seen, what is still possible. */
export interface Now {
  stage: string;
  seen: number;
  again: boolean; // the same act may still be taken
  note: boolean; // what was written may be kept as an internal note
}

export interface Item {
  key: string;
  hand: string; // person under one mandate
  person: string;
  url: string;
  label: string; // what it is called while it waits
  matter: string; // id, "" for a report
  number: string;
  title: string;
  place: string;
  happened: string; // ISO, the device's clock
  parts: Part[];
  words: string; // everything written by hand, to be copied
  said?: [string, string][]; // what was answered, question by question, as people read it
  now?: Now;
  state: State;
  sentence: string;
  lines: string[];
  to: string;
  tries: number;
}

const NAME = "gongzhi-desk";
const ITEMS = "items";
const DAY = 86_400_000; // milliseconds
const heard = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ITEMS, { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
    asked.onblocked = () => fail(new Error("blocked"));
  });
}

async function run<T>(mode: IDBTransactionMode, act: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await opened();
  try {
    return await new Promise<T>((done, fail) => {
      const turn = base.transaction(ITEMS, mode);
      const asked = act(turn.objectStore(ITEMS));
      turn.oncomplete = () => done(asked.result);
      turn.onabort = () => fail(turn.error ?? asked.error);
      turn.onerror = () => fail(turn.error ?? asked.error);
    });
  } finally {
    base.close();
  }
}

/** Keep an item, new or changed. Rejects where the phone has no room (QuotaExceededError). */
export async function put(item: Item): Promise<void> {
  await run("readwrite", (rows) => rows.put(item));
  changed();
}

export async function remove(key: string): Promise<void> {
  await run("readwrite", (rows) => rows.delete(key));
  changed();
}

export function get(key: string): Promise<Item | undefined> {
  return run("readonly", (rows) => rows.get(key) as IDBRequest<Item | undefined>);
}

/** All items in the order in which they were made. */
export async function all(): Promise<Item[]> {
  const rows = await run("readonly", (store) => store.getAll() as IDBRequest<Item[]>);
  return rows.sort((a, b) => a.happened.localeCompare(b.happened));
}

/** Forget what was sent more than a day ago, and at once what somebody else sent. What waits is never forgotten. */
export async function tidy(hand: string): Promise<void> {
  const before = Date.now() - DAY;
  for (const one of await all()) {
    if (one.state === "done" && (one.hand !== hand || Date.parse(one.happened) < before)) await remove(one.key);
  }
}

const listeners: (() => void)[] = [];

/** Hear of every change, made here or in another tab. */
export function listen(act: () => void): void {
  listeners.push(act);
  heard?.addEventListener("message", act);
}

function changed(): void {
  heard?.postMessage("changed");
  for (const act of listeners) act();
}

/** A random 128-bit key, made where the act is made. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}
