/** Photos on the phone: shown at once, made small enough to wait and to travel, one at a time taken off again. */

import { icon, one } from "../portal/page";
import { position } from "./exif";

const EDGE = 1600; // pixels of the longer side
const QUALITY = 0.82;
const LARGEST = 10 * 1024 * 1024; // bytes the server takes
const MOST = 9;

/** Watch one photo field. ``where`` hears the position of the first photo that has one. */
export function watchPhotos(picks: HTMLElement, where?: (lat: number, lon: number) => void): void {
  const input = one<HTMLInputElement>('input[type="file"]', picks);
  const add = one<HTMLElement>(".pick--add", picks);
  const field = picks.closest<HTMLElement>(".field");
  if (!input || !add || !field) return;
  let kept: File[] = [];

  function give(): void {
    const bag = new DataTransfer();
    for (const file of kept) bag.items.add(file);
    input!.files = bag.files;
    add!.hidden = kept.length >= MOST;
  }

  function show(file: File): void {
    const box = document.createElement("div");
    box.className = "pick";
    const picture = document.createElement("img");
    picture.alt = file.name;
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("error", () => {
      box.className = "pick pick--wrong";
      picture.replaceWith(icon("doc"), document.createTextNode(file.name));
    });
    const off = document.createElement("button");
    off.type = "button";
    off.className = "pick__off";
    off.setAttribute("aria-label", `去掉 ${file.name}`);
    off.append(icon("close"));
    off.addEventListener("click", () => {
      kept = kept.filter((other) => other !== file);
      box.remove();
      give();
    });
    box.append(picture, off);
    add!.before(box);
  }

  async function take(files: File[]): Promise<void> {
    say(field!, "");
    for (const file of files) {
      if (kept.length >= MOST) {
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
      kept.push(ready);
      show(ready);
    }
    give();
    const word = one<HTMLElement>("span", add!);
    if (word && kept.length) word.textContent = "再拍一张";
  }

  input.addEventListener("change", () => void take([...(input.files ?? [])]));
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

/** A photo drawn again within 1600 pixels; one that is small or that this phone cannot draw stays as it is. */
async function smaller(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 300_000) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file;
  }
}
