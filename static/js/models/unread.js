/** What came while nobody looked: a number in the window's title, a dot on its icon, and a line in
 *  the conversation above the first of it. */
import { make } from "../lib/dom.js";
import { t } from "../lib/words.js";

const title = { plain: document.title, unread: 0 };
const icon = document.querySelector("link[rel=icon]");
const plain = icon?.href;
let line = null;

export function rename(text) {
  title.plain = text;
  write();
}

/** An answer has been added to the log. */
export function unread(answer, log) {
  const away = document.visibilityState !== "visible" || !document.hasFocus();
  if (away ? title.unread === 0 : log.unread === 1) {
    line ??= make("div", { className: "unread", role: "separator", "aria-label": t("log.unread") });
    answer.before(line);
  }
  if (!away) return;
  title.unread += 1;
  write();
}

/** Whoever answers has read. */
export function read() { line?.remove(); }

function seen() {
  title.unread = 0;
  write();
}

function write() {
  document.title = title.unread ? `(${title.unread}) ${title.plain}` : title.plain;
  if (icon) icon.href = title.unread ? plain.replace("favicon.svg", "favicon-unread.svg") : plain;
}

addEventListener("focus", seen);
document.addEventListener("visibilitychange", () => document.hidden || seen());
