/** Keys of the inbox; whatever they do has a link, a button or a field as well. By their place on the
 *  keyboard, and never with Ctrl: Ctrl and Alt together write letters on many keyboards. */
import { announce } from "../lib/dom.js";

const KEYS = {
  KeyJ: (desk) => step(desk, 1),
  KeyK: (desk) => step(desk, -1),
  KeyE: (desk) => desk.querySelector('form[action*="/resolve"]')?.requestSubmit(),
  KeyM: (desk) => open(desk.querySelector('form[action*="/snooze"]')),
  KeyL: (desk) => write(desk, "reply"),
  KeyP: (desk) => write(desk, "note"),
};

export function deskKeys(desk) {
  const fold = desk.part("keys");
  if (fold) fold.hidden = false;
  desk.listen(document, "keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.altKey || !(event.code in KEYS)) return;
    event.preventDefault();
    KEYS[event.code](desk);
  });
}

function step(desk, by) {
  const links = [...desk.querySelectorAll(".rows a")];
  const here = links.findIndex((link) => link.ariaCurrent);
  const next = links[here + by];
  if (next) next.click();
  else announce(by > 0 ? "That was the last of this list" : "That was the first of this list");
}

function open(form) {
  if (!form) return;
  form.closest("details").open = true;
  form.querySelector("select").focus();
}

function write(desk, mode) {
  const choice = desk.querySelector(`[name=mode][value=${mode}]`);
  if (!choice) return;
  choice.checked = true;
  choice.form.elements.text.focus();
}
