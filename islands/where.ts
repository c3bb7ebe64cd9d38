/** Second screen of a report: the phone's position, a tap on the map, and finding a community by pinyin. */

import { busyWhileSending, icon, one } from "./portal/page";

function send(form: HTMLFormElement, lat: number, lon: number, source: string): void {
  for (const [name, value] of [["lat", lat], ["lon", lon]] as const) {
    const field = one<HTMLInputElement>(`input[name="${name}"]`, form);
    if (!field) return;
    field.disabled = false;
    field.value = value.toFixed(6);
  }
  for (const [name, value] of [["source", source], ["act", "point"]] as const) {
    one<HTMLInputElement>(`input[name="${name}"]`, form)?.remove();
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.submit();
}

function watchPosition(form: HTMLFormElement): void {
  const button = one<HTMLButtonElement>("[data-locate]", form);
  const words = one<HTMLElement>("[data-locate-words]", form);
  if (!button || !("geolocation" in navigator)) return;
  button.hidden = false;
  if (words) words.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      (found) => send(form, found.coords.latitude, found.coords.longitude, "phone"),
      () => {
        button.removeAttribute("aria-busy");
        if (words) words.textContent = "。手机没有给出位置，请点图、写地址或选社区";
      },
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 },
    );
  });
}

/** A tap inside a grid gives the exact point; a tap on a building keeps the building. */
function watchMap(form: HTMLFormElement): void {
  const map = one<SVGSVGElement>("svg[data-map]", form);
  if (!map) return;
  const number = (name: string): number => Number(map.getAttribute(`data-${name}`));
  map.addEventListener("click", (event) => {
    const hit = event.target instanceof Element ? event.target : null;
    const grid = hit?.closest("a")?.getAttribute("href")?.includes("area=");
    if (!grid || hit?.closest("a")?.querySelector(".house")) return;
    const flat = map.getScreenCTM()?.inverse();
    if (!flat || event.clientX === 0) return; // from the keyboard: the link itself
    event.preventDefault();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(flat);
    const lat = number("north") - (point.y - number("top")) / number("scale");
    const lon = number("west") + (point.x - number("left")) / (number("narrow") * number("scale"));
    send(form, lat, lon, "map");
  });
}

interface Community {
  name: string;
  pinyin: string;
  street: string;
  streetId: string;
}

/** The list under the field: by characters, pinyin or initials; keys up, down, enter, escape. */
function watchCommunity(box: HTMLElement): void {
  const input = one<HTMLInputElement>("input", box);
  const list = one<HTMLDataListElement>("datalist", box);
  if (!input || !list) return;
  const known: Community[] = [...list.options].map((option) => ({
    name: option.value,
    pinyin: option.dataset.pinyin ?? "",
    street: option.label === option.value ? "" : option.label,
    streetId: option.dataset.street ?? "",
  }));
  input.removeAttribute("list");
  const shown = document.createElement("ul");
  shown.className = "options";
  shown.id = "communities-found";
  shown.setAttribute("role", "listbox");
  shown.hidden = true;
  box.append(shown);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", shown.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  let here = -1;

  function fits(one_: Community, typed: string): boolean {
    if (!one_.streetId) return true;
    const street = document.querySelector<HTMLSelectElement>("#f-street")?.value;
    if (street && street !== one_.streetId) return false;
    return one_.name.includes(typed) || one_.pinyin.split(" ").some((word) => word.startsWith(typed));
  }

  function show(): void {
    const typed = input!.value.trim().toLowerCase();
    const found = known.filter((each) => fits(each, typed)).slice(0, 6);
    const unsure = known.find((each) => !each.streetId);
    if (unsure && !found.includes(unsure)) found.push(unsure);
    here = -1;
    shown.replaceChildren(
      ...found.map((each, place) => {
        const row = document.createElement("li");
        row.setAttribute("role", "option");
        row.id = `community-${place}`;
        row.append(document.createTextNode(each.name));
        if (each.street) {
          const where = document.createElement("span");
          where.className = "meta";
          where.textContent = each.street;
          row.append(where);
        }
        row.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(each.name);
        });
        return row;
      }),
    );
    open(found.length > 0);
  }

  function open(yes: boolean): void {
    shown.hidden = !yes;
    input!.setAttribute("aria-expanded", String(yes));
  }

  function take(name: string): void {
    input!.value = name;
    open(false);
  }

  function mark(next: number): void {
    const rows = [...shown.children];
    if (rows.length === 0) return;
    here = (next + rows.length) % rows.length;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === here)));
    rows.forEach((row) => row.querySelector("svg")?.remove());
    rows[here]?.append(icon("check"));
    input!.setAttribute("aria-activedescendant", rows[here]?.id ?? "");
  }

  input.addEventListener("input", show);
  input.addEventListener("focus", () => {
    input.select();
    if (input.value) show();
  });
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    if (shown.hidden) return;
    if (event.key === "ArrowDown") mark(here + 1);
    else if (event.key === "ArrowUp") mark(here - 1);
    else if (event.key === "Enter" && here >= 0) take(shown.children[here]?.firstChild?.textContent ?? "");
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
  });
}

const form = one<HTMLFormElement>("form[data-where]");
if (form) {
  watchPosition(form);
  watchMap(form);
  busyWhileSending(form);
}
const community = one<HTMLElement>("[data-community]");
if (community) watchCommunity(community);
