/** Guests are asked to sign in, and so is whoever was signed out; what they wrote stays theirs. */
import "./sign-in-note.js";

const EXPIRED = "session_expired";
const LIMIT = "sign_in_required";

export function signIn({ find, log, composer, banner, outbox, feed, boot }) {
  const note = find("sign-in-note");
  const { guest } = boot;
  let left = guest?.left ?? Infinity;

  function ask(reason) {
    note.show(reason, guest?.limit);
    if (reason === "expired") {
      feed.leave();
      banner.hidden = true;
    }
  }

  /** What could not be sent goes back into the box, as the draft that the sign-in leads back to. */
  function giveBack(entry) {
    outbox.discard(entry.id);
    const shown = log.find(`c:${entry.id}`);
    if (shown) log.take(shown);
    composer.giveBack(entry.text);
  }

  outbox.addEventListener("changed", ({ detail: entry }) => {
    if (entry.state !== "failed" || ![EXPIRED, LIMIT].includes(entry.code)) return;
    giveBack(entry);
    ask(entry.code === EXPIRED ? "expired" : "limit");
  });
  outbox.addEventListener("sent", () => {
    left -= 1;
    if (left <= 0 && guest && note.hidden) ask(guest.required ? "limit" : "offered");
  });
  if (guest && left <= 0) ask(guest.required ? "limit" : "offered");

  return { expired: (error) => error?.code === EXPIRED && (ask("expired"), true) };
}
