/** The photos picked in a field, shown as small pictures before its button, one at a time taken off again. */

import { icon, one } from "./page";

export interface Picked {
  readonly input: HTMLInputElement;
  readonly add: HTMLElement;
  readonly kept: readonly File[];
  keep(file: File): void;
  /** Hand what is kept to the form; the button goes when there is room for no more. */
  give(): void;
}

/** What is picked in ``picks``, ``most`` at the most; null where the field has no button for it. */
export function picked(picks: HTMLElement, most: number): Picked | null {
  const input = one<HTMLInputElement>('input[type="file"]', picks);
  const add = one<HTMLElement>(".pick--add", picks);
  if (!input || !add) return null;
  const kept: File[] = [];

  function give(): void {
    const bag = new DataTransfer();
    for (const file of kept) bag.items.add(file);
    input!.files = bag.files;
    add!.hidden = kept.length >= most;
  }

  function keep(file: File): void {
    kept.push(file);
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

  return { input, add, kept, keep, give };
}

/** A photo drawn again within ``edge`` pixels as a JPEG; as it is where that fails or gains nothing. */
export async function drawnWithin(file: File, edge: number, quality: number): Promise<File> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file;
  }
}
