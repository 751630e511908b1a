/** <upload-tray>: the files that go with the next message. */
import { Element } from "../lib/element.js";
import { bytes } from "../lib/time.js";
import { t } from "../lib/words.js";
import { UploadChip } from "./upload-chip.js";

export class UploadTray extends Element {
  setUp({ session, accept, limit }) {
    Object.assign(this, { session, accept, limit });
    this.listen(document, "upload:gone", () => this.#changed());
    this.listen(this, "upload:settled", () => this.#changed());
  }

  get chips() { return [...this.querySelectorAll("upload-chip")]; }

  get names() { return this.chips.filter((chip) => chip.state === "done").map((chip) => chip.name); }

  get busy() { return this.chips.some((chip) => chip.state === "sending"); }

  get failures() { return this.chips.filter((chip) => chip.state === "failed").length; }

  take(files) {
    for (const file of files) {
      const chip = UploadChip.from(file, this.session);
      this.append(chip);
      const reason = this.#refusal(file);
      if (reason) chip.refuse(reason); else chip.send();
    }
    this.#changed();
  }

  reuse(item) {
    if (!this.names.includes(item.name)) this.append(UploadChip.kept(item));
    this.#changed();
  }

  /** What the server tells of a file; also of one whose own answer was lost. */
  profile(item) {
    this.chips.find((chip) => chip.name === item.name && chip.state !== "sending")?.profile(item);
    this.#changed();
  }

  /** Takes the names away with the message; what failed stays to be seen. */
  empty() {
    const names = this.names;
    for (const chip of this.chips) if (chip.state === "done") chip.remove();
    return names;
  }

  #refusal(file) {
    const ending = `.${file.name.split(".").pop().toLowerCase()}`;
    if (!this.accept.includes(ending)) return t("upload.type", { types: this.accept.join(" ") });
    if (!file.size) return t("upload.empty");
    if (file.size > this.limit) return t("upload.size", { size: bytes(file.size), limit: bytes(this.limit) });
    return null;
  }

  #changed() {
    this.hidden = !this.chips.length;
    this.tell("tray:changed");
  }
}

customElements.define("upload-tray", UploadTray);
