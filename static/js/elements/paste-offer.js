/** <paste-offer>: a pasted table may come along as a file instead. */
import { Element } from "../lib/element.js";
import { number } from "../lib/time.js";
import { t } from "../lib/words.js";
import { csvFile } from "../models/tables.js";

export class PasteOffer extends Element {
  #text = "";

  start() {
    this.listen(this.part("file"), "click", () => this.#settle("paste:file", csvFile(this.#text, "pasted.csv")));
    this.listen(this.part("instead"), "click", () => this.#settle("paste:text", this.#text));
  }

  show(text, { rows, columns }) {
    this.#text = text;
    this.part("what").textContent = rows
      ? t("paste.table", { rows: number(rows.length), columns }) : t("paste.long", { n: number(text.length) });
    this.hidden = false;
    this.part("file").focus();
  }

  #settle(type, detail) {
    this.hidden = true;
    this.#text = "";
    this.tell(type, detail);
  }
}

customElements.define("paste-offer", PasteOffer);
