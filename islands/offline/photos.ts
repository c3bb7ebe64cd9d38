/** Photos on the phone: shown at once, made small enough to wait and to travel, one at a time taken off again. */

import { drawnWithin, picked } from "../portal/picked";
import { one } from "../portal/page";
import { position } from "./exif";

const EDGE = 1600; // pixels of the longer side
const QUALITY = 0.82;
const LARGEST = 10 * 1024 * 1024; // bytes the server takes
const MOST = 9;

/** Watch one photo field. ``where`` hears the position of the first photo that has one. */
export function watchPhotos(picks: HTMLElement, where?: (lat: number, lon: number) => void): void {
  const shown = picked(picks, MOST);
  const field = picks.closest<HTMLElement>(".field");
  if (!shown || !field) return;

  async function take(files: File[]): Promise<void> {
    say(field!, "");
    for (const file of files) {
      if (shown!.kept.length >= MOST) {
        say(field!, `最多 ${MOST} 张，多的没有收下。`);
        break;
      }
      const spot = await position(file);
      const ready = await smaller(file);
      if (ready.size > LARGEST) {
        say(field!, `“${file.name}”有 ${Math.round(ready.size / 1024 / 1024)} MB，超过了 10 MB。请换一张小一点的。别的照片还在。`);
        continue;
      }
      if (spot && where) where(...spot);
      shown!.keep(ready);
    }
    shown!.give();
    const word = one<HTMLElement>("span", shown!.add);
    if (word && shown!.kept.length) word.textContent = "再拍一张";
  }

  shown.input.addEventListener("change", () => void take([...(shown.input.files ?? [])]));
  picks.addEventListener("gongzhi-give", (event) => void take((event as CustomEvent<File[]>).detail));
}

/** One sentence under a field, in place of the one before; "" takes it away. */
export function say(field: HTMLElement, sentence: string): void {
  one("[data-said-here]", field)?.remove();
  field.classList.toggle("is-wrong", sentence !== "");
  if (!sentence) return;
  const line = document.createElement("p");
  line.className = "field__error";
  line.dataset.saidHere = "";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  field.append(line);
}

/** A photo made smaller for a weak signal; one that is small or that this phone cannot draw stays as it is. */
async function smaller(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 300_000) return file;
  return drawnWithin(file, EDGE, QUALITY);
}
