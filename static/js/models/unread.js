/** How many answers came while nobody looked: a number in the window's title. */
const title = { plain: document.title, unread: 0 };

export function rename(text) {
  title.plain = text;
  write();
}

export function unread() {
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  title.unread += 1;
  write();
}

function seen() {
  title.unread = 0;
  write();
}

function write() {
  document.title = title.unread ? `(${title.unread}) ${title.plain}` : title.plain;
}

addEventListener("focus", seen);
document.addEventListener("visibilitychange", () => document.hidden || seen());
