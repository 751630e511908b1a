/** <drop-zone>: the whole page takes files while some are dragged over it. */
import { Element } from "../lib/element.js";

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

export class DropZone extends Element {
  #depth = 0;

  start() {
    this.listen(document, "dragenter", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.#depth += 1;
      this.hidden = false;
    });
    this.listen(document, "dragover", (event) => holdsFiles(event) && event.preventDefault());
    this.listen(document, "dragleave", (event) => {
      if (!holdsFiles(event)) return;
      this.#depth -= 1;
      if (this.#depth <= 0) this.#close();
    });
    this.listen(document, "drop", (event) => {
      this.#close();
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.tell("files:dropped", [...event.dataTransfer.files]);
    });
    this.listen(document, "keydown", (event) => event.key === "Escape" && this.#close());
  }

  #close() {
    this.#depth = 0;
    this.hidden = true;
  }
}

customElements.define("drop-zone", DropZone);
