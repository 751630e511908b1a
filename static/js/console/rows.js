/** A list that follows what happens: rows that are shown change in place and keep it, gone ones
 *  stay and are dimmed, new ones wait behind a button. Rows are named by `data-key`. */
import { announce } from "../lib/dom.js";
import { showTimes } from "./relative-times.js";

const rowsOf = (root) => [...root.querySelectorAll("[data-key]")];

export class Rows {
  #latest = null;

  /** The element has the parts rows, new and show. */
  constructor(element) {
    this.element = element;
    element.listen(element.part("show"), "click", () => this.#showAll());
  }

  take(fresh) {
    this.#latest = fresh.querySelector('[data-part="rows"]');
    if (!this.#latest) return;
    const shown = new Map(rowsOf(this.element.part("rows")).map((row) => [row.dataset.key, row]));
    let more = 0;
    for (const row of rowsOf(this.#latest)) {
      const old = shown.get(row.dataset.key);
      shown.delete(row.dataset.key);
      if (old) keepTrue(old, row);
      else more += 1;
    }
    for (const gone of shown.values()) gone.dataset.gone = "";
    this.#offer(more);
  }

  #offer(more) {
    const box = this.element.part("new");
    if (more && box.hidden) announce(`${more} new`);
    this.element.part("show").textContent = `${more} new: show`;
    box.hidden = !more;
  }

  #showAll() {
    this.element.part("rows").replaceChildren(...this.#latest.childNodes);
    this.element.part("new").hidden = true;
    showTimes(this.element);
    this.element.part("rows").querySelector("a")?.focus();
  }
}

/** What a part says; a clock that went on is no change. */
function said(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = time.dateTime;
  return copy.textContent;
}

/** Takes over what differs; what has the focus keeps it, and an open question stays open. */
export function keepTrue(old, fresh) {
  delete old.dataset.gone;
  if (said(old) === said(fresh) || old.querySelector("details[open]")) return;
  const inside = old !== document.activeElement && old.contains(document.activeElement);
  if (!inside) old.replaceChildren(...[...fresh.childNodes].map((node) => node.cloneNode(true)));
  else if (old.children.length === fresh.children.length) [...old.children].forEach((child, at) => keepTrue(child, fresh.children[at]));
}

/** The numbers in the menu and on the tabs, and whether the place is well. */
export function keepCounts(fresh) {
  const health = fresh.querySelector("[data-health]");
  for (const dot of health ? document.querySelectorAll("[data-health]") : []) {
    keepTrue(dot, health);
    dot.title = health.title;
  }
  for (const count of document.querySelectorAll("[data-count]")) {
    const now = fresh.querySelector(`[data-count="${count.dataset.count}"]`);
    count.textContent = now?.textContent ?? "";
  }
}
