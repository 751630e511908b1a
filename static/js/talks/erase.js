/** Deleting a conversation: this one leads to a new chat, another leaves the list. */
import { call } from "../lib/http.js";
import { t } from "../lib/words.js";
import { refresh } from "./list.js";

export function ask(session, id) {
  const dialog = document.getElementById("erase");
  const error = document.getElementById("erase-error");
  error.hidden = true;
  const ends = new AbortController();
  dialog.addEventListener("hidden.bs.modal", () => ends.abort(), { once: true });
  document.getElementById("erase-now").addEventListener("click", async () => {
    try {
      await call(`/api/v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
    } catch (reason) {
      return Object.assign(error, { textContent: t("error.action", { reason: reason.message }), hidden: false });
    }
    if (id === session.id) return location.replace(`/?agent=${encodeURIComponent(session.agent.slug)}&new=1`);
    dialog.addEventListener("hidden.bs.modal", () => refresh(id), { once: true });
    window.bootstrap.Modal.getInstance(dialog).hide();
  }, { signal: ends.signal });
}
