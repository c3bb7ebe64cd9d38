/** Copy, save as a picture, read aloud, and let a notice go by itself. Each is only offered where it works. */

import { all, one } from "./portal/page";
import { forget } from "./portal/unsent";

const TOAST = 8000; // milliseconds

if (one(".receipt")) void forget(); // it was sent: the phone keeps nothing of it

for (const button of all<HTMLButtonElement>("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const said = button.lastChild?.textContent ?? "";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    if (button.lastChild) button.lastChild.textContent = "已复制";
    window.setTimeout(() => {
      if (button.lastChild) button.lastChild.textContent = said;
    }, 2000);
  });
}

/** The receipt's SVG drawn on a canvas and handed over as PNG: phones keep pictures, not drawings. */
async function picture(address: string): Promise<Blob | null> {
  const text = await (await fetch(address, { credentials: "same-origin" })).text();
  const drawing = new Image();
  drawing.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await drawing.decode();
  const canvas = document.createElement("canvas");
  canvas.width = drawing.width * 2;
  canvas.height = drawing.height * 2;
  canvas.getContext("2d")?.drawImage(drawing, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const save = one<HTMLAnchorElement>("a[data-save]");
save?.addEventListener("click", async (event) => {
  event.preventDefault();
  const blob = await picture(save.href);
  if (!blob) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${save.dataset.save}.png`;
  link.click();
});

const speak = one<HTMLButtonElement>("[data-speak]");
if (speak && "speechSynthesis" in window) {
  speak.hidden = false;
  speak.addEventListener("click", () => {
    window.speechSynthesis.cancel();
    const words = one<HTMLElement>("[data-read]")?.innerText ?? "";
    const voice = new SpeechSynthesisUtterance(`${one<HTMLElement>("h1")?.innerText}。${words}`);
    voice.lang = "zh-CN";
    voice.rate = 0.9;
    window.speechSynthesis.speak(voice);
  });
}

const toast = one<HTMLElement>("[data-toast]");
if (toast) {
  toast.addEventListener("click", () => toast.remove());
  if (document.documentElement.dataset.mode !== "elder") window.setTimeout(() => toast.remove(), TOAST);
}
