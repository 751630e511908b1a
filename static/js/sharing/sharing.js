/** Takes a message's text away: to the clipboard, or to where this device shares things. */
import { announce } from "../lib/dom.js";
import { t } from "../lib/words.js";

const SHOWN = 2_000;

export async function copy(button, text) {
  await navigator.clipboard?.writeText(text);
  said(button, t("answer.copied"));
}

/** Where nothing can be shared, text and address are copied instead. */
export async function share(button, text) {
  const url = location.href;
  if (!navigator.share) {
    await navigator.clipboard?.writeText(`${text}\n${url}`);
    return said(button, t("answer.copied"));
  }
  try {
    await navigator.share({ text, url });
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

function said(button, words) {
  const before = button.dataset.words ??= button.textContent;
  button.textContent = words;
  announce(words);
  setTimeout(() => { button.textContent = before; }, SHOWN);
}
