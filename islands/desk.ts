// The workbench works without this; with it: J K Enter and / in lists, filters at once, phrases, copying, printing.
const rows = [...document.querySelectorAll<HTMLTableRowElement>("[data-row]")];
let here = -1;

function stand(at: number): void {
  rows[here]?.removeAttribute("aria-selected");
  here = Math.max(0, Math.min(rows.length - 1, at));
  rows[here]?.setAttribute("aria-selected", "true");
  rows[here]?.scrollIntoView({ block: "nearest" });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("[data-search]")?.focus();
  }
  if (!rows.length) return;
  if (event.key === "j" || event.key === "J") stand(here + 1);
  if (event.key === "k" || event.key === "K") stand(here - 1);
  if (event.key === "Enter" && here >= 0 && !(event.target instanceof HTMLAnchorElement)) {
    rows[here]?.querySelector<HTMLAnchorElement>("a")?.click();
  }
});
for (const hint of document.querySelectorAll<HTMLElement>("[data-keys]")) hint.hidden = false;

for (const button of document.querySelectorAll<HTMLElement>("[data-submit-button]")) button.hidden = true;
for (const select of document.querySelectorAll<HTMLSelectElement>("[data-submit]")) {
  select.addEventListener("change", () => select.form?.requestSubmit());
}

for (const box of document.querySelectorAll<HTMLElement>("[data-phrases]")) {
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const { phrase, into } = (event.target as HTMLElement).dataset;
    const area = into ? box.closest("form")?.querySelector<HTMLTextAreaElement>(`#${into}`) : null;
    if (!phrase || !area) return;
    area.value = area.value ? `${area.value}${phrase}` : phrase;
    area.focus();
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.textContent = "复制好了";
  });
}
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const form of document.querySelectorAll<HTMLFormElement>("form[method=post]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector<HTMLButtonElement>("[data-busy]");
    if (!button) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.textContent = button.dataset.busy ?? "";
    button.classList.add("btn--busy");
  });
}
for (const toast of document.querySelectorAll<HTMLElement>("[data-toast]")) setTimeout(() => toast.remove(), 8000);

export {};
