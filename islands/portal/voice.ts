/** A voice note of up to a minute, recorded on the page. Without MediaRecorder the plain file field stays. */

import { icon, one } from "./page";

const LONGEST = 60; // seconds

export function watchVoice(label: HTMLElement, room: HTMLElement): void {
  const input = one<HTMLInputElement>("input", label);
  const words = one<HTMLElement>("span", label);
  if (!input || !words || !("MediaRecorder" in window) || !navigator.mediaDevices) return;
  const said = words.textContent ?? "";
  let recorder: MediaRecorder | null = null;
  let ticking = 0;

  const button = document.createElement("button");
  button.type = "button";
  button.className = label.className.includes("btn") ? label.className : "link writer__say";
  button.append(icon("mic"), words.cloneNode(true));
  label.hidden = true;
  label.after(button);

  function say(text: string): void {
    const span = one<HTMLElement>("span", button);
    if (span) span.textContent = text;
  }

  async function start(): Promise<void> {
    let sound: MediaStream;
    try {
      sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      label.hidden = false;
      button.remove();
      return;
    }
    const parts: Blob[] = [];
    recorder = new MediaRecorder(sound, { audioBitsPerSecond: 24_000 });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      window.clearInterval(ticking);
      for (const track of sound.getTracks()) track.stop();
      keep(new Blob(parts, { type: recorder?.mimeType || "audio/webm" }));
      recorder = null;
      say(said);
    });
    recorder.start();
    const began = Date.now();
    say(`停，0 秒`);
    ticking = window.setInterval(() => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      say(`停，${seconds} 秒`);
      if (seconds >= LONGEST) recorder?.stop();
    }, 500);
  }

  function keep(blob: Blob): void {
    const bag = new DataTransfer();
    bag.items.add(new File([blob], "录音.webm", { type: blob.type }));
    input!.files = bag.files;
    const player = document.createElement("audio");
    player.controls = true;
    player.className = "audio";
    player.src = URL.createObjectURL(blob);
    const off = document.createElement("button");
    off.type = "button";
    off.className = "btn btn--quiet";
    off.textContent = "去掉";
    off.addEventListener("click", () => {
      input!.value = "";
      room.replaceChildren();
    });
    room.replaceChildren(player, off);
    input!.dispatchEvent(new Event("input", { bubbles: true })); // what is kept for later hears of it
  }

  room.addEventListener("gongzhi-give", (event) => keep((event as CustomEvent<File>).detail));

  button.addEventListener("click", () => (recorder ? recorder.stop() : void start()));
}
