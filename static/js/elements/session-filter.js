/** <session-filter>: the list of conversations; finds one by its title or by what was said. */
import { clone, make, part } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { t } from "../lib/words.js";

const PAUSE = 250;
const list = () => import("../talks/list.js");

export class SessionFilter extends Element {
  #searching = 0;

  start() {
    this.listen(this.part("open"), "click", () => this.#toggle(this.part("find").hidden));
    this.listen(this.part("find"), "input", () => this.#filter());
    this.listen(this.part("find"), "keydown", (event) => event.key === "Escape" && this.#toggle(false));
    this.listen(this, "talks:fresh", () => this.part("find").hidden || this.#filter());
    this.listen(this, "click", ({ target }) => {
      const opener = target.closest(".talk-more");
      if (opener) this.tell("talk:menu", opener);
    });
  }

  /** A conversation that has just been opened here. */
  addCurrent(id, url, title) {
    const row = clone("t-talk");
    row.querySelector(".talk").href = url;
    row.querySelector(".talk-more").dataset.talk = id;
    part(row, "title").textContent = title;
    const today = [...this.part("list").querySelectorAll("section h2")].find((one) => one.textContent === t("day.today"));
    if (today) today.after(row);
    else this.part("list").prepend(make("section", {}, make("h2", { text: t("day.today") }), row));
    this.part("none")?.remove();
  }

  /** The first message names the conversation. */
  renameCurrent(title) {
    const shown = this.part("list").querySelector(".talk[aria-current] > span");
    if (!shown) return;
    shown.textContent = title;
    shown.closest(".talk-row").querySelector(".talk-more").setAttribute("aria-label", t("talk.more", { title }));
  }

  #toggle(open) {
    this.part("open").setAttribute("aria-expanded", String(open));
    this.part("find").hidden = !open;
    this.part("find").value = "";
    this.#filter();
    this.part(open ? "find" : "open").focus();
  }

  async #filter() {
    const words = this.part("find").value.trim();
    const rows = [...this.part("list").querySelectorAll(".talk-row")];
    for (const row of rows) row.hidden = !row.querySelector(".talk > span").textContent.toLowerCase().includes(words.toLowerCase());
    for (const group of this.querySelectorAll("section")) group.hidden = !group.querySelector(".talk-row:not([hidden])");
    this.part("nothing").hidden = !words || rows.some((row) => !row.hidden);
    clearTimeout(this.#searching);
    if (words.length < 2) this.part("found").hidden = true;
    else this.#searching = setTimeout(() => this.#search(words), PAUSE);
    const { marked } = await list();
    if (this.part("find").value.trim() !== words) return;
    for (const shown of rows.map((row) => row.querySelector(".talk > span"))) shown.replaceChildren(...marked(shown.textContent, words));
  }

  async #search(words) {
    await (await list()).search(words, this.part("found")).catch(() => {});
    if (this.part("find").value.trim() !== words) return;
    if (!this.part("found").hidden) this.part("nothing").hidden = true;
  }
}

customElements.define("session-filter", SessionFilter);
