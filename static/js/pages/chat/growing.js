/** Answers under way: what shows them is loaded with the first piece of one. */
import { call } from "../../lib/http.js";

export function growing({ log, session, conversation, empty, work, load, failed }) {
  let bubbles = null;

  log.addEventListener("answer:stop", ({ detail: response_id }) => {
    call("/api/v1/?action=stop", { method: "POST", body: { session_id: session.id, response_id } }).catch(failed);
  });
  conversation.addEventListener("answered", ({ detail: item }) => bubbles?.then((all) => all.end(item.response_id)));
  conversation.addEventListener("cleared", () => bubbles?.then((all) => all.clear()));

  return async (piece) => {
    bubbles ??= import("../../growing/answers.js").then(({ Growing }) => new Growing(log, session.agent));
    if (!(await bubbles).take(piece)) return load({ again: true });
    empty.hidden = true;
    work.answered();
  };
}
