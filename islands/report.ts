/** First screen of a report: what it looks like while typing, photos shown at once, a voice note. */

import { all, busyWhileSending, one } from "./portal/page";
import { watchPhotos } from "./portal/photos";
import { watchUnsent } from "./portal/unsent";
import { watchVoice } from "./portal/voice";

const PAUSE = 500; // milliseconds after the last key

function watchWords(form: HTMLFormElement): void {
  const words = one<HTMLTextAreaElement>('textarea[name="words"]', form);
  const room = one<HTMLElement>("[data-guess-here]", form);
  const count = one<HTMLElement>("[data-count]", form);
  const address = form.dataset.guess;
  if (!words || !room || !address) return;
  let waiting = 0;
  let asked = words.value;

  async function ask(again = false): Promise<void> {
    if (words!.value === asked && !again) return;
    asked = words!.value;
    const said = new FormData();
    said.set("words", asked);
    said.set("csrfmiddlewaretoken", one<HTMLInputElement>('input[name="csrfmiddlewaretoken"]', form)?.value ?? "");
    if (room!.dataset.byHand) said.set("by_hand", room!.dataset.byHand);
    const about = one<HTMLInputElement>('input[name="about"]:checked', room!);
    if (about) said.set("about", about.value);
    try {
      const answer = await fetch(address!, { method: "POST", body: said, credentials: "same-origin" });
      if (answer.ok && asked === words!.value) room!.innerHTML = await answer.text();
    } catch {
      // No network: the server asks the same questions when the form is sent.
    }
  }

  words.addEventListener("input", () => {
    if (count) count.textContent = `${words.value.length} / ${words.maxLength} 字`;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void ask(), PAUSE);
  });
  room.addEventListener("change", (event) => {
    const chosen = event.target;
    if (chosen instanceof HTMLInputElement && chosen.name === "leaf") {
      room.dataset.byHand = chosen.value;
      void ask(true);
    }
  });
}

const form = one<HTMLFormElement>("form[data-report]");
if (form) {
  watchWords(form);
  watchUnsent(form);
  busyWhileSending(form);
}
for (const picks of all<HTMLElement>("[data-picks]")) {
  watchPhotos(picks, Number(form?.dataset.most ?? "6"));
}
const label = one<HTMLElement>("[data-voice-file]");
const room = one<HTMLElement>("[data-voice]");
if (label && room) watchVoice(label, room);
