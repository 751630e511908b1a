/** <copy-text>: a button that takes the text along; where a browser refuses, the text is chosen. */
import { announce } from "../lib/dom.js";
import { Element } from "../lib/element.js";

const SAID_FOR = 2_000;

class CopyText extends Element {
  start() {
    const button = this.part("copy");
    button.hidden = false;
    this.listen(button, "click", () => this.#copy(button));
  }

  async #copy(button) {
    const text = this.part("text");
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      said = "Chosen: press Ctrl+C";
    }
    button.textContent = said;
    announce(said);
    setTimeout(() => { button.textContent = "Copy"; }, SAID_FOR);
  }
}

customElements.define("copy-text", CopyText);
