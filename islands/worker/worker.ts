/**
 * Serves /desk/ without signal: network first, a kept copy where there is none.
 *
 * The server decides what may be kept: a response with the header Gongzhi-Keep goes into the store of the hand it
 * names, for three days. "nobody" (sign-in page, end of a mandate, sign-out) and another hand empty every other store.
 */

import { sendAll } from "../offline/send";

declare const self: ServiceWorkerGlobalScope & { SHELL: string[] };

const SHELL = "gongzhi-shell";
const KEPT = "gongzhi-kept-";
const HEADER = "Gongzhi-Keep";
const AT = "Gongzhi-Kept-At";
const MARK = "Gongzhi-Mark";
const LONGEST = 72 * 3_600_000; // milliseconds a copy may be shown
const PATIENCE = 5_000; // milliseconds until a kept copy is shown while the network is still tried
const OFFLINE = "/desk/offline/";
const LEAVING = ["/desk/logout/", "/desk/identity/", "/desk/login/"];
const REPORT = "/desk/report/"; // without signal one kept form serves every way it is opened
const ALWAYS = ["/desk/", REPORT, "/desk/queue/", "/desk/patrol/"]; // of other pages only what is on today's list
const WAYS_ON = /<(?:a|img)\s[^>]*data-keep[^>]*>/g;
const ADDRESS = /(?:href|src)="([^"]+)"/;
const MOST = 40; // matters of a list
const SHELL_MOST = 120; // parts of the shell, several releases of them

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const shell = await caches.open(SHELL);
      await Promise.all(self.SHELL.map((one) => shell.add(new Request(one, { cache: "reload" })).catch(() => undefined)));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const shell = await caches.open(SHELL);
      const wanted = new Set(self.SHELL.map((one) => new URL(one, self.location.href).href));
      const held = await shell.keys(); // kept pages may still name parts of the shell before this one
      if (held.length > SHELL_MOST) for (const one of held) if (!wanted.has(one.url)) await shell.delete(one);
      await sweep();
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const asked = event.request;
  const address = new URL(asked.url);
  if (address.origin !== self.location.origin) return;
  if (asked.method === "POST") {
    if (LEAVING.includes(address.pathname)) event.waitUntil(forget());
    return;
  }
  if (asked.method !== "GET") return;
  if (address.pathname.startsWith("/static/")) event.respondWith(part(asked, address));
  else if (asked.mode === "navigate" && address.pathname.startsWith("/desk/")) event.respondWith(screen(event, asked));
  else if (address.pathname.startsWith("/desk/file/") && address.search === "?small=1") event.respondWith(picture(asked));
});

self.addEventListener("message", (event) => {
  const said = event.data as { kind?: string; pages?: { url: string; mark: string }[]; hand?: string };
  if (said.kind === "today" && said.pages && said.hand) event.waitUntil(today(said.pages.slice(0, MOST), said.hand));
  if (said.kind === "forget") event.waitUntil(forget());
});

// Where the browser can: send what waits even after the page was closed.
self.addEventListener("sync" as "message", (event) => event.waitUntil(sendAll()));

/** A part of the shell: what is named by its content comes from the store, the rest from the network first. */
async function part(asked: Request, address: URL): Promise<Response> {
  const shell = await caches.open(SHELL);
  const named = /\.[0-9a-f]{12}\.\w+$/.test(address.pathname);
  const held = await shell.match(asked.url);
  if (held && named) return held;
  try {
    return await fetch(asked);
  } catch (fault) {
    if (held) return held;
    throw fault;
  }
}

/** A page: from the network, kept where it may be; without signal the kept copy, marked with when it was kept. */
async function screen(event: FetchEvent, asked: Request): Promise<Response> {
  const address = new URL(asked.url);
  const held = (await copy(asked.url)) ?? (address.pathname === REPORT ? await copy(address.origin + REPORT) : undefined);
  const fresh = fetch(asked).then(async (answer) => {
    const wanted = held !== undefined || ALWAYS.includes(asked.url.slice(self.location.origin.length));
    await take(asked.url, answer.clone(), "", wanted);
    return answer;
  });
  event.waitUntil(fresh.catch(() => undefined));
  try {
    if (!held) return await fresh;
    const late = new Promise<null>((done) => setTimeout(() => done(null), PATIENCE));
    return (await Promise.race([fresh, late])) ?? (await dated(held));
  } catch {
    if (held) return dated(held);
    const shell = await caches.match(OFFLINE);
    return shell ?? Response.error();
  }
}

async function picture(asked: Request): Promise<Response> {
  const held = await copy(asked.url);
  if (held) return held;
  return fetch(asked);
}

/** Keep an answer, or forget, as its header says. */
async function take(url: string, answer: Response, mark: string, wanted = true): Promise<boolean> {
  const hand = answer.headers.get(HEADER);
  if (hand === "nobody") await forget();
  else if (hand && answer.ok) {
    await forget(hand);
    if (!wanted) return false;
    const headers = new Headers(answer.headers);
    headers.delete("Content-Encoding"); // what is put down is plain
    headers.set(AT, String(Date.now()));
    headers.set(MARK, mark);
    const kept = await caches.open(KEPT + hand);
    await kept.put(url, new Response(await answer.blob(), { status: 200, headers }));
    return true;
  } else if (answer.status === 403 || answer.status === 404) await lose(url);
  return false;
}

/** The kept copy of an address, not older than three days. */
async function copy(url: string): Promise<Response | undefined> {
  for (const name of await stores()) {
    const held = await (await caches.open(name)).match(url);
    if (held && !old(held)) return held;
  }
  return undefined;
}

function old(held: Response): boolean {
  const at = Number(held.headers.get(AT));
  return !(Date.now() - at < LONGEST && at <= Date.now() + 60_000);
}

/** The same page with the moment it was kept on its body, for the bar on top. */
async function dated(held: Response): Promise<Response> {
  const text = await held.text();
  const body = text.replace("<body ", `<body data-kept-at="${held.headers.get(AT)}" `);
  return new Response(body, { status: 200, headers: { "Content-Type": "text/html; charset=utf-8", ...policy(held) } });
}

function policy(held: Response): Record<string, string> {
  const said = held.headers.get("Content-Security-Policy");
  return said ? { "Content-Security-Policy": said } : {};
}

async function stores(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(KEPT));
}

/** Empty the stores of every hand but this one. */
async function forget(but = ""): Promise<void> {
  for (const name of await stores()) if (name !== KEPT + but) await caches.delete(name);
}

async function lose(url: string): Promise<void> {
  for (const name of await stores()) await (await caches.open(name)).delete(url);
}

async function sweep(): Promise<void> {
  for (const name of await stores()) {
    const kept = await caches.open(name);
    for (const one of await kept.keys()) {
      const held = await kept.match(one);
      if (held && old(held)) await kept.delete(one);
    }
  }
}

/** Keep today's list with each matter's page, its acts' forms and small photos; let go of what is no longer on it. */
async function today(pages: { url: string; mark: string }[], hand: string): Promise<void> {
  await sweep();
  const kept = await caches.open(KEPT + hand);
  const wanted = new Set<string>();
  for (const { url, mark } of pages) {
    const address = new URL(url, self.location.href).href;
    wanted.add(address);
    const text = await whole(kept, address, mark);
    for (const more of waysOn(text)) {
      wanted.add(more);
      await whole(kept, more, mark);
    }
  }
  for (const one of await kept.keys()) if (!wanted.has(one.url)) await kept.delete(one);
}

/** The text of a page, fetched where there is no copy of this mark yet ("" for a picture or where it fails). */
async function whole(kept: Cache, address: string, mark: string): Promise<string> {
  let held = await kept.match(address);
  if (!held || old(held) || held.headers.get(MARK) !== mark) {
    try {
      const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
      if (!(await take(address, answer.clone(), mark))) return "";
    } catch {
      return "";
    }
    held = await kept.match(address);
  }
  return held?.headers.get("Content-Type")?.startsWith("text/html") ? held.text() : "";
}

function waysOn(text: string): string[] {
  const found = (text.match(WAYS_ON) ?? []).map((tag) => ADDRESS.exec(tag)?.[1]?.replaceAll("&amp;", "&"));
  return found.filter((one): one is string => !!one).map((one) => new URL(one, self.location.href).href);
}
