/** <change-count>: how many fields of its form differ from what was shown. */
import { Element } from "../lib/element.js";

const differs = (field) => field.name.startsWith("value.") && field.value !== field.defaultValue;

class ChangeCount extends Element {
  start() {
    this.form = this.closest("form");
    this.listen(this.form, "input", () => this.#count());
    this.#count();
  }

  #count() {
    const count = [...this.form.elements].filter(differs).length;
    this.part("count").textContent = count ? ` (${count})` : "";
  }
}

customElements.define("change-count", ChangeCount);
