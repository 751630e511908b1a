/** What can be done with a conversation of the list; loaded when its menu is opened. */
import { announce, clone, part } from "../lib/dom.js";
import { call } from "../lib/http.js";
import { t } from "../lib/words.js";
import { refresh } from "./list.js";

const path = (id) => `/api/v1/sessions/${encodeURIComponent(id)}`;
const modal = (id) => window.bootstrap.Modal.getOrCreateInstance(id);
const title = (opener) => opener.closest(".talk-row").querySelector(".talk > span").textContent;

/** From the second time on Bootstrap opens it by itself, and moves by arrow keys. */
export function open(opener, failed) {
  if (opener.dataset.bsToggle) return;
  opener.dataset.bsToggle = "dropdown";
  opener.after(menu(opener, failed));
  window.bootstrap.Dropdown.getOrCreateInstance(opener, { popperConfig: { strategy: "fixed" } }).toggle();
}

function menu(opener, failed) {
  const list = clone("t-talk-menu");
  const pinned = opener.dataset.pinned !== undefined;
  list.querySelector("[data-do=pin]").textContent = t(pinned ? "talk.unpin" : "talk.pin");
  const acts = {
    rename: () => rename(opener),
    erase: () => modal("#erase").show(opener),
    pin: async () => {
      await call(path(opener.dataset.talk), { method: "PATCH", body: { pinned: !pinned } });
      await refresh(opener.dataset.talk);
      announce(t(pinned ? "talk.unpinned" : "talk.pinned"));
    },
  };
  list.addEventListener("click", async ({ target }) => {
    try {
      await acts[target.closest("[data-do]")?.dataset.do]?.();
    } catch (error) {
      failed(error);
    }
  });
  return list;
}

function rename(opener) {
  const dialog = document.getElementById("rename");
  const [form, box, error] = [part(dialog, "form"), document.getElementById("new-title"), part(dialog, "error")];
  box.value = title(opener);
  error.hidden = true;
  dialog.addEventListener("shown.bs.modal", () => box.select(), { once: true });
  const ends = new AbortController();
  dialog.addEventListener("hidden.bs.modal", () => ends.abort(), { once: true });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await call(path(opener.dataset.talk), { method: "PATCH", body: { title: box.value } });
      dialog.addEventListener("hidden.bs.modal", () => refresh(opener.dataset.talk), { once: true });
      modal(dialog).hide();
    } catch (reason) {
      Object.assign(error, { textContent: t("error.action", { reason: reason.message }), hidden: false });
    }
  }, { signal: ends.signal });
  modal(dialog).show();
}
