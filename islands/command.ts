// The command centre works without this; with it J and K walk the rows, new rows keep their edge, a lost line is told.
const FRESH = 5_000;
const steps = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-step]")];

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const way = { j: 1, k: -1 }[event.key.toLowerCase()];
  const all = steps();
  if (!way || !all.length) return;
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[Math.max(0, Math.min(all.length - 1, at + way))]?.focus();
});

const live = document.querySelector<HTMLElement>("[data-live]");
const lost = document.querySelector<HTMLElement>("[data-lost]");

function told(): Set<string> {
  return new Set([...document.querySelectorAll<HTMLElement>("[data-live] [data-id]")].map((one) => one.dataset.id ?? ""));
}

let known = told();
live?.addEventListener("htmx:afterSwap", () => {
  for (const one of live.querySelectorAll<HTMLElement>("[data-id]")) {
    if (known.has(one.dataset.id ?? "")) continue;
    one.classList.add("is-new");
    setTimeout(() => one.classList.remove("is-new"), FRESH);
  }
  known = told();
});
live?.addEventListener("htmx:afterRequest", (event) => {
  const status = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.status;
  if (!lost) return;
  lost.hidden = status === 200 || status === 304;
  if (status === 401) lost.textContent = "登录到期了，请重新登录。上面是到期前的。";
});

export {};
