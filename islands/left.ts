/** What this phone still holds of somebody whose mandate has ended: theirs to hand on, to copy, or to throw away. */

import { one } from "./portal/page";
import { all, remove, type Item } from "./offline/store";

const room = one<HTMLElement>("[data-left]");

function text(tag: string, name: string, words: string): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = words;
  return made;
}

function button(words: string, name: string, act: (self: HTMLButtonElement) => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = words;
  made.addEventListener("click", () => act(made));
  return made;
}

function told(item: Item): string {
  return item.said?.length ? item.said.map(([label, value]) => (label === value ? value : `${label}：${value}`)).join("\n") : item.words;
}

async function handOn(item: Item, card: HTMLElement): Promise<void> {
  const form = new FormData();
  const token = one<HTMLInputElement>('input[name="csrfmiddlewaretoken"]', room!)?.value ?? "";
  const about = item.parts.some((part) => part.name === "about" && part.value !== "");
  const plain = { csrfmiddlewaretoken: token, pass: room!.dataset.pass ?? "", hand: item.hand, key: item.key, matter: item.matter,
    did: item.matter ? item.label : `${item.label}：${item.title}`, told: told(item), place: item.place, happened: item.happened, about: about ? "yes" : "" };
  for (const [name, value] of Object.entries(plain)) form.set(name, value);
  for (const part of item.parts) {
    if (typeof part.value !== "string" && part.value.type.startsWith("image/")) form.append("photos", part.value, part.file ?? "photo.jpg");
  }
  one("[data-said-here]", card)?.remove();
  let sentence = "没有网络，连上后再点一次。";
  try {
    const answer = await fetch("/desk/queue/leave/", { method: "POST", body: form, credentials: "same-origin" });
    if (answer.headers.get("Content-Type")?.includes("json")) {
      const said = (await answer.json()) as { state: string; sentence: string };
      if (said.state === "done") {
        await remove(item.key);
        card.replaceChildren(text("p", "", said.sentence));
        return;
      }
      sentence = said.sentence;
    }
  } catch {
    // said below
  }
  const line = text("p", "field__error", sentence);
  line.dataset.saidHere = "";
  line.setAttribute("role", "alert");
  card.append(line);
}

function card(item: Item): HTMLElement {
  const box = text("li", "sheet stack-8", "");
  box.append(text("b", "", item.title || item.label), text("p", "soft", [item.label, item.number, item.place].filter(Boolean).join("　")));
  if (told(item)) box.append(text("blockquote", "quote pre", told(item)));
  const pair = text("div", "btns--two", "");
  pair.append(
    button("交给接手的人", "btn btn--main", (self) => {
      self.disabled = true;
      void handOn(item, box).finally(() => (self.disabled = false));
    }),
    button("不发了…", "btn", (self) => {
      if (self.dataset.sure) void remove(item.key).then(() => box.remove());
      self.dataset.sure = "yes";
      self.textContent = "真的去掉";
    }),
  );
  box.append(pair);
  return box;
}

if (room && "indexedDB" in window) {
  void all().then((items) => {
    const mine = items.filter((item) => item.person === room.dataset.person && item.state !== "done");
    one("[data-left-list]", room)?.append(...mine.map(card));
    room.hidden = mine.length === 0;
  }).catch(() => undefined);
}
