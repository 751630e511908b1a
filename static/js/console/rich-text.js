/** <rich-text data-html>: an answer as the server has sanitised it, instead of its source. */
import { Element } from "../lib/element.js";
import { sanitised } from "../lib/dom.js";

export class RichText extends Element {
  start() {
    if (!this.dataset.html) return;
    this.classList.add("prose");
    this.replaceChildren(sanitised(this.dataset.html));
    delete this.dataset.html;
    for (const table of this.querySelectorAll(":scope > table")) {
      const wide = document.createElement("div");
      wide.className = "wide";
      table.replaceWith(wide);
      wide.append(table);
    }
  }
}

customElements.define("rich-text", RichText);
