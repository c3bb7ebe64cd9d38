// The 长辈版 button works without this; with it, the page keeps its place when the size changes.
const held = sessionStorage.getItem("gongzhi-scroll");
if (held !== null) {
  sessionStorage.removeItem("gongzhi-scroll");
  const share = Number(held);
  if (Number.isFinite(share)) window.scrollTo(0, share * document.documentElement.scrollHeight);
}
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-elder]")) {
  form.addEventListener("submit", () => {
    const share = window.scrollY / Math.max(1, document.documentElement.scrollHeight);
    sessionStorage.setItem("gongzhi-scroll", String(share));
  });
}
