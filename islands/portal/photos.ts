/** Photos: shown at once, made smaller where the phone can, sent with the form. Without this the form sends them as they are. */

import { drawnWithin, picked } from "./picked";
import { one } from "./page";

const EDGE = 2048;
const LARGE = 1_500_000; // bytes; smaller files go as they are, with the position the camera wrote
const QUALITY = 0.86;

export function watchPhotos(picks: HTMLElement, most: number): void {
  const shown = picked(picks, most);
  if (!shown) return;
  async function take(files: File[]): Promise<void> {
    for (const file of files.slice(0, most - shown!.kept.length)) shown!.keep(await smaller(file));
    shown!.give();
    const word = one<HTMLElement>("[data-add-word]", shown!.add);
    if (word) word.textContent = "再拍一张";
    shown!.input.dispatchEvent(new Event("input", { bubbles: true })); // what is kept for later hears of it
  }

  shown.input.addEventListener("change", () => void take([...(shown.input.files ?? [])]));
  picks.addEventListener("gongzhi-give", (event) => void take((event as CustomEvent<File[]>).detail));
}

/** A large JPEG without a position of its own, drawn again within 2048 pixels; everything else as it is. */
async function smaller(file: File): Promise<File> {
  if (file.size < LARGE || file.type !== "image/jpeg" || (await hasPosition(file))) return file;
  return drawnWithin(file, EDGE, QUALITY);
}

/** Whether the EXIF block names a GPS directory (tag 0x8825): then the server should read it. */
async function hasPosition(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 65_536).arrayBuffer());
  for (let at = 0; at < head.length - 1; at += 1) {
    if ((head[at] === 0x88 && head[at + 1] === 0x25) || (head[at] === 0x25 && head[at + 1] === 0x88)) return true;
  }
  return false;
}
