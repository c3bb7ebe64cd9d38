// The hotline's desk while somebody talks: what the words bring up appears beside them. The button does the same without this.
import { one } from "./portal/page";

const PAUSE = 500; // milliseconds after the last sign

function watch(form: HTMLFormElement): void {
  const words = one<HTMLTextAreaElement>('textarea[name="words"]', form);
  const kind = one<HTMLSelectElement>('select[name="category"]', form);
  const brought = one<HTMLElement>("[data-brought]", form);
  const asked = one<HTMLElement>("[data-questions]", form);
  const look = one<HTMLElement>("[data-look]", form);
  if (!words || !brought) return;
  if (look) look.hidden = true;
  let waiting = 0;
  let byHand = Boolean(kind?.value);
  kind?.addEventListener("change", () => (byHand = kind.value !== ""));
  words.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE);
  });

  async function ask(): Promise<void> {
    const said = words!.value.trim();
    if (said.length < 2) return;
    const sent = new FormData();
    sent.set("do", "typing");
    sent.set("words", said);
    sent.set("csrfmiddlewaretoken", one<HTMLInputElement>('input[name="csrfmiddlewaretoken"]', form)?.value ?? "");
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, credentials: "same-origin" });
      if (!answer.ok || said !== words!.value.trim()) return;
      const found = (await answer.json()) as { leaf: string; brought: string; questions: string };
      brought!.innerHTML = found.brought;
      if (kind && !byHand) kind.value = found.leaf;
      const drawn = one<HTMLInputElement>('input[name="asked"]', asked ?? form)?.value ?? "";
      if (asked && !byHand && drawn !== found.leaf) asked.innerHTML = found.questions;
    } catch {
      if (look) look.hidden = false;
    }
  }
}

const form = one<HTMLFormElement>("form[data-talk]");
if (form) watch(form);
