/** The report in one hand: the kind while typing, the place from the phone, a voice note. */

import { icon, one } from "../portal/page";
import { watchVoice } from "../portal/voice";
import { point } from "./form";

const PAUSE = 600; // milliseconds after the last sign

export function watchReport(form: HTMLFormElement): void {
  begunAtPoint(form);
  watchWords(form);
  watchPlace(form);
  const label = one<HTMLElement>("[data-voice-file]", form);
  const room = one<HTMLElement>("[data-voice]", form);
  if (label && room) watchVoice(label, room);
}

/** A report begun at a point of a patrol: a kept form knows it from the address alone. */
function begunAtPoint(form: HTMLFormElement): void {
  const asked = new URLSearchParams(location.search);
  const stop = one<HTMLInputElement>('input[name="stop"]', form);
  const note = one<HTMLElement>("[data-stop-note]", form);
  if (!document.body.dataset.keptAt || !stop || !/^\d+-\d+$/.test(asked.get("stop") ?? "")) return;
  stop.value = asked.get("stop") ?? "";
  const place = one<HTMLInputElement>('input[name="place"]', form);
  const area = one<HTMLSelectElement>('select[name="area"]', form);
  if (place && !place.value) place.value = asked.get("place") ?? "";
  if (area && [...area.options].some((each) => each.value === asked.get("area"))) area.value = asked.get("area") ?? "";
  const name = one<HTMLElement>("[data-stop-name]", form);
  if (name) name.textContent = asked.get("place") ?? "";
  if (note) note.hidden = false;
}

/** What the words point at, and why. Without signal the kind stays open: the desk decides when it accepts. */
function watchWords(form: HTMLFormElement): void {
  const words = one<HTMLTextAreaElement>('textarea[name="words"]', form);
  const kind = one<HTMLSelectElement>('select[name="category"]', form);
  const room = one<HTMLElement>("[data-guess]", form);
  if (!words || !kind || !room) return;
  let waiting = 0;
  let byHand = kind.value !== "";
  kind.addEventListener("change", () => (byHand = kind.value !== ""));
  words.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE);
  });

  async function ask(): Promise<void> {
    const said = words!.value.trim();
    if (said.length < 2) return tell("", "");
    const form_ = new FormData();
    form_.set("words", said);
    form_.set("csrfmiddlewaretoken", one<HTMLInputElement>('input[name="csrfmiddlewaretoken"]', form)?.value ?? "");
    try {
      const answer = await fetch("/desk/report/guess/", { method: "POST", body: form_, credentials: "same-origin" });
      if (!answer.ok || said !== words!.value.trim()) return;
      const found = (await answer.json()) as { leaf: string; label: string; because: string; danger: string; questions?: string };
      if (!byHand) kind!.value = found.leaf;
      if (!byHand || kind!.value === found.leaf) question(found.leaf, found.questions ?? "");
      tell(found.leaf ? `像是“${found.label}”，${found.because}。不对就改下面的类别。` : "", found.danger);
    } catch {
      tell("没有网络，类别可以先空着，受理时再定。", "");
    }
  }

  /** The kind's further questions, drawn by the server; what was answered stays as long as the kind does. */
  function question(leaf: string, drawn: string): void {
    const asked = one<HTMLElement>("[data-questions]", form);
    if (!asked || one<HTMLInputElement>('input[name="asked"]', asked)?.value === leaf) return;
    asked.innerHTML = drawn;
  }

  function tell(sentence: string, danger: string): void {
    room!.replaceChildren();
    for (const [text, name] of [[danger, "field__error"], [sentence, "field__rule"]] as const) {
      if (!text) continue;
      const line = document.createElement("p");
      line.className = name;
      const inner = document.createElement("span");
      inner.textContent = text;
      if (name === "field__rule") line.append(icon("info"));
      line.append(inner);
      room!.append(line);
    }
  }
}

function watchPlace(form: HTMLFormElement): void {
  const button = one<HTMLButtonElement>("[data-locate]", form);
  const words = one<HTMLElement>("[data-locate-words]", form);
  if (!button || !words || !("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      (spot) => {
        button.removeAttribute("aria-busy");
        point(form, spot.coords.latitude, spot.coords.longitude, "phone");
        words.textContent = `位置记下了，误差约 ${Math.round(spot.coords.accuracy)} 米。`;
      },
      () => {
        button.removeAttribute("aria-busy");
        words.textContent = "手机没有给出位置，写一句在哪里就行。";
      },
      { enableHighAccuracy: true, timeout: 8000, maximumAge: 60_000 },
    );
  });
}
