/** What keys do beside writing and sending; loaded with the first one that is pressed. */
import { announce } from "../lib/dom.js";
import { read, write } from "../lib/store.js";
import { t } from "../lib/words.js";

/** The conversation above or below this one in the list. */
export function step(by) {
  const links = [...document.querySelectorAll(".talk")].filter((link) => !link.closest("[hidden]"));
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[here < 0 ? (by > 0 ? 0 : -1) : here + by]?.click();
}

export async function copyLast(log) {
  const text = log.items.filter((one) => one.localName === "chat-answer" && one.ariaBusy !== "true").at(-1)?.item.response;
  if (!text) return;
  await navigator.clipboard?.writeText(text);
  announce(t("answer.copied"));
}

/** The choice in the help: Enter sends, or makes a new line. */
export function choice(box, composer) {
  box.checked = read("newline", false);
  box.addEventListener("change", () => { write("newline", box.checked); composer.line(); });
}
