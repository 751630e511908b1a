/** <working-note>: three dots while somebody is at it, words when it takes long. */
import { Element } from "../lib/element.js";
import { elapsed } from "../lib/time.js";
import { t } from "../lib/words.js";

const LONG = 20_000;

export class WorkingNote extends Element {
  #since = 0;
  #timer = 0;
  #text = "";

  stop() { clearInterval(this.#timer); }

  show(text) {
    this.#text = text;
    if (!this.hidden) return this.#write();
    this.#since = Date.now();
    this.hidden = false;
    this.#write();
    this.#timer = setInterval(() => this.#write(), 1_000);
  }

  hide() {
    this.hidden = true;
    clearInterval(this.#timer);
  }

  #write() {
    const time = Date.now() - this.#since;
    const text = time < LONG ? this.#text : t("working.long", { time: elapsed(time) });
    if (this.part("text").textContent !== text) this.part("text").textContent = text;
  }
}

customElements.define("working-note", WorkingNote);
