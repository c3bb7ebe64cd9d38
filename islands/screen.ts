// The big screen asks itself again every minute and says so plainly when nobody answers. Without this it reloads whole.
const EVERY = 60_000;
const FRESH = 5_000;
const place = "[data-screen]";

function lost(said: string): void {
  const line = document.querySelector<HTMLElement>("[data-lost]");
  if (!line) return;
  line.textContent = said;
  line.hidden = !said;
}

function lines(): Set<string> {
  return new Set([...document.querySelectorAll<HTMLElement>("[data-id]")].map((one) => one.dataset.id ?? ""));
}

function mark(before: Set<string>): void {
  for (const one of document.querySelectorAll<HTMLElement>("[data-id]")) {
    if (before.has(one.dataset.id ?? "")) continue;
    one.classList.add("is-new");
    setTimeout(() => one.classList.remove("is-new"), FRESH);
  }
}

async function again(): Promise<void> {
  const time = new Date().toTimeString().slice(0, 5);
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(20_000) });
    if (answer.redirected) return lost(`${time} 登录到期了，请在这台机器上重新登录。上面是到期前的数。`);
    if (!answer.ok) return lost(`${time} 没有取到新数，上面是之前的。一分钟后再取。`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(place);
    const old = document.querySelector(place);
    if (!fresh || !old) return lost(`${time} 没有取到新数，上面是之前的。一分钟后再取。`);
    const before = lines();
    old.replaceWith(fresh);
    mark(before);
  } catch {
    lost(`${time} 连接断了，上面是断开前的数。连上会自己补上。`);
  }
}

setInterval(() => void again(), EVERY);
window.addEventListener("online", () => void again());
window.addEventListener("offline", () => void again());

export {};
