/** <session-filter>: finds a conversation by a word of its title. */
import { clone, make, part } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { t } from "../lib/words.js";

export class SessionFilter extends Element {
  start() {
    this.listen(this.part("open"), "click", () => this.#toggle(this.part("find").hidden));
    this.listen(this.part("find"), "input", () => this.#filter());
    this.listen(this.part("find"), "keydown", (event) => event.key === "Escape" && this.#toggle(false));
  }

  /** A conversation that has just been opened here. */
  addCurrent(url, title) {
    const link = clone("t-talk");
    link.href = url;
    part(link, "title").textContent = title;
    const first = this.part("list").querySelector("section h2");
    if (first?.textContent === t("day.today")) first.after(link);
    else this.part("list").prepend(make("section", {}, make("h2", { text: t("day.today") }), link));
    this.part("none")?.remove();
  }

  /** The first message names the conversation. */
  renameCurrent(title) {
    const shown = this.querySelector(".talk[aria-current] > span");
    if (shown) shown.textContent = title;
  }

  #toggle(open) {
    this.part("open").setAttribute("aria-expanded", String(open));
    this.part("find").hidden = !open;
    this.part("find").value = "";
    this.#filter();
    this.part(open ? "find" : "open").focus();
  }

  #filter() {
    const wanted = this.part("find").value.trim().toLowerCase();
    const links = [...this.querySelectorAll(".talk")];
    for (const link of links) link.hidden = !link.textContent.toLowerCase().includes(wanted);
    for (const group of this.querySelectorAll("section")) group.hidden = !group.querySelector(".talk:not([hidden])");
    this.part("nothing").hidden = !wanted || links.some((link) => !link.hidden);
  }
}

customElements.define("session-filter", SessionFilter);
