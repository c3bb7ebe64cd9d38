/** Third screen of a report: the number is asked only where one is left. */

import { all, busyWhileSending, one } from "./portal/page";

const form = one<HTMLFormElement>("form[data-contact]");
if (form) {
  const phone = one<HTMLElement>("[data-phone]", form);
  const choices = all<HTMLInputElement>('input[name="who_may_see"]', form);
  const place = (): void => {
    const chosen = choices.find((one_) => one_.checked);
    const leaves = chosen !== undefined && chosen.value !== "none";
    if (!phone) return;
    phone.hidden = !leaves;
    if (leaves) chosen.closest(".radio-row")?.after(phone);
  };
  for (const choice of choices) choice.addEventListener("change", place);
  place();
  busyWhileSending(form);
}
