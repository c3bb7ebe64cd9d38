/** Photos: shown at once, made smaller where the phone can, sent with the form. Without this the form sends them as they are. */

import { icon, one } from "./page";

const EDGE = 2048;
const LARGE = 1_500_000; // bytes; smaller files go as they are, with the position the camera wrote
const QUALITY = 0.86;

export function watchPhotos(picks: HTMLElement, most: number): void {
  const input = one<HTMLInputElement>('input[type="file"]', picks);
  const add = one<HTMLElement>(".pick--add", picks);
  if (!input || !add) return;
  const kept: File[] = [];

  function give(): void {
    const bag = new DataTransfer();
    for (const file of kept) bag.items.add(file);
    input!.files = bag.files;
    add!.hidden = kept.length >= most;
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
      kept.splice(kept.indexOf(file), 1);
      box.remove();
      give();
    });
    box.append(picture, off);
    add!.before(box);
  }

  input.addEventListener("change", async () => {
    for (const file of [...(input.files ?? [])].slice(0, most - kept.length)) {
      const ready = await smaller(file);
      kept.push(ready);
      show(ready);
    }
    give();
    const word = one<HTMLElement>("[data-add-word]", add);
    if (word) word.textContent = "再拍一张";
  });
}

/** A large JPEG without a position of its own, drawn again within 2048 pixels; everything else as it is. */
async function smaller(file: File): Promise<File> {
  if (file.size < LARGE || file.type !== "image/jpeg" || (await hasPosition(file))) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

/** Whether the EXIF block names a GPS directory (tag 0x8825): then the server should read it. */
async function hasPosition(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 65_536).arrayBuffer());
  for (let at = 0; at < head.length - 1; at += 1) {
    if ((head[at] === 0x88 && head[at + 1] === 0x25) || (head[at] === 0x25 && head[at + 1] === 0x88)) return true;
  }
  return false;
}
