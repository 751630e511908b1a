/** <upload-chip>: one file on its way up, or already there. */
import { announce, clone, part } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { ApiError, upload } from "../lib/http.js";
import { randomId } from "../lib/store.js";
import { bytes } from "../lib/time.js";
import { count, t } from "../lib/words.js";

export class UploadChip extends Element {
  #cancel = new AbortController();
  #key = randomId();

  static from(file, session) {
    const chip = clone("t-chip");
    chip.file = file;
    chip.session = session;
    chip.name = file.name;
    return chip;
  }

  /** A file that the conversation already has. */
  static kept(item) {
    const chip = clone("t-chip");
    chip.name = item.name;
    chip.#done(item);
    return chip;
  }

  get state() { return this.dataset.state; }

  start() {
    this.listen(this.part("remove"), "click", () => this.remove());
    this.listen(this.part("again"), "click", () => this.send());
  }

  stop() {
    if (this.state === "sending") this.#cancel.abort();
    document.dispatchEvent(new CustomEvent("upload:gone", { detail: this }));
  }

  refuse(reason) { this.#show("failed", reason, { again: false }); }

  async send() {
    this.#cancel = new AbortController();
    this.#show("sending", "0 %");
    try {
      await this.session.ensure();
      const { files } = await upload(`${this.session.path}/files`, this.file, {
        signal: this.#cancel.signal,
        key: this.#key,
        onProgress: (share) => this.#progress(share),
      });
      this.#done(files[0]);
      announce(t("upload.done", { name: this.name }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "cancelled") return;
      this.#show("failed", error.message, { again: error.passing });
      announce(t("upload.failed", { name: this.name, reason: error.message }), { urgent: true });
    }
    this.tell("upload:settled", this);
  }

  /** What the server has seen in the file since. */
  profile(item) {
    const note = item.error ?? (item.rows === null || item.rows === undefined ? bytes(item.size) : count("upload.rows", item.rows));
    this.#show(item.error ? "failed" : "done", note, { again: false });
  }

  #done(item) {
    this.name = item.name;
    this.profile(item);
  }

  #progress(share) {
    const percent = Math.round(share * 100);
    part(this, "note").textContent = `${percent} %`;
    part(this, "bar").setAttribute("aria-valuenow", percent);
    part(this, "fill").style.width = `${percent}%`;
  }

  #show(state, note, { again = false } = {}) {
    this.dataset.state = state;
    this.title = this.name;
    part(this, "name").textContent = this.name;
    part(this, "note").textContent = note;
    part(this, "bar").hidden = state !== "sending";
    part(this, "bar").setAttribute("aria-label", t("upload.progress", { name: this.name }));
    part(this, "again").hidden = !again;
    part(this, "again").setAttribute("aria-label", t("upload.again", { name: this.name }));
    part(this, "remove").setAttribute("aria-label", t(state === "sending" ? "upload.cancel" : "upload.remove", { name: this.name }));
  }
}

customElements.define("upload-chip", UploadChip);
