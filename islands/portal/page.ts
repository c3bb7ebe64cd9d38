/** Small things every portal island needs. */

export function one<T extends Element>(query: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(query);
}

export function all<T extends Element>(query: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(query)];
}

/** An icon of the sprite, at the address the page's own icons use. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = one<SVGUseElement>("svg use")?.getAttribute("href")?.split("#")[0] ?? "/static/gongzhi/icons.svg";
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Buttons say what they do while a form is on its way, and keep their width. */
export function busyWhileSending(form: HTMLFormElement): void {
  form.addEventListener("submit", () => {
    const button = one<HTMLButtonElement>("button[data-busy]", form);
    if (!button) return;
    button.classList.add("btn--busy");
    button.replaceChildren(icon("again"), document.createTextNode(button.dataset.busy ?? ""));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}
