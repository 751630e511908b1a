/** <canned-replies>: `/` at the start of an answer offers what is kept ready; what is chosen takes its
 *  place. The links of the fold do the same, and lead to the same without a script. */
import { announce, make, sanitised } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { page } from "../lib/http.js";

const TYPED = /^\/([a-z0-9-]*)$/i;
const MOVES = { ArrowDown: 1, ArrowUp: -1 };
const ROLES = { role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false" };

class CannedReplies extends Element {
  #found = [];
  #chosen = 0;

  start() {
    this.box = this.part("text");
    this.options = this.part("options");
    for (const [name, value] of Object.entries(ROLES)) this.box.setAttribute(name, value);
    this.box.setAttribute("aria-controls", this.options.id);
    this.listen(this.box, "input", () => this.#offer());
    this.listen(this.box, "keydown", (event) => this.#key(event));
    this.listen(this.box, "blur", () => this.#close());
    this.listen(this.options, "pointerdown", (event) => event.preventDefault());
    this.listen(this, "click", (event) => this.#click(event));
  }

  #click(event) {
    const [option, link] = ["[role=option]", "[data-canned]"].map((what) => event.target.closest(what));
    if (option) this.#take(this.#found[[...this.options.children].indexOf(option)]);
    if (!link) return;
    event.preventDefault();
    link.closest("details").open = false;
    this.#take(link);
  }

  #offer() {
    const typed = TYPED.exec(this.box.value)?.[1].toLowerCase();
    if (typed === undefined) { this.#close(); return; }
    this.#found = [...this.querySelectorAll("[data-canned]")].filter((link) => link.textContent.toLowerCase().includes(typed));
    this.#found.sort((one, other) => other.dataset.canned.startsWith(typed) - one.dataset.canned.startsWith(typed));
    this.options.replaceChildren(...this.#found.map(option));
    this.options.hidden = !this.#found.length;
    this.box.setAttribute("aria-expanded", String(!this.options.hidden));
    if (this.options.hidden) return;
    announce(this.#found.length === 1 ? "1 reply" : `${this.#found.length} replies`);
    this.#choose(0);
  }

  #choose(at) {
    const all = [...this.options.children];
    this.#chosen = (at + all.length) % all.length;
    all.forEach((one, place) => one.setAttribute("aria-selected", String(place === this.#chosen)));
    all[this.#chosen].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", all[this.#chosen].id);
  }

  #key(event) {
    if (this.options.hidden) return;
    if (event.key in MOVES) this.#choose(this.#chosen + MOVES[event.key]);
    else if (event.key === "Escape") this.#close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.shiftKey) this.#take(this.#found[this.#chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #close() {
    this.options.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  /** Nothing that was written is lost: only the shortcut gives way. */
  async #take(link) {
    this.#close();
    try {
      const fresh = sanitised(await page(link.getAttribute("href"), { signal: this.signal }));
      const words = fresh.querySelector("textarea[name=text]").value;
      const before = TYPED.test(this.box.value) ? "" : this.box.value.trimEnd();
      this.box.value = before ? `${before}\n${words}` : words;
    } catch { announce("This reply could not be fetched", { urgent: true }); }
    this.box.focus();
  }
}

function option(link, at) {
  const about = link.querySelector(".row-line").textContent;
  return make("li", { className: "palette-option", role: "option", id: `canned-${at}` },
    make("code", { text: `/${link.dataset.canned}` }), make("span", { className: "about", text: about, dir: "auto" }));
}

customElements.define("canned-replies", CannedReplies);
