/** <chat-composer>: the message box with its drafts, files, commands and limits. */
import { announce } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { read } from "../lib/store.js";
import { number } from "../lib/time.js";
import { count, t } from "../lib/words.js";
import { Draft } from "../models/draft.js";
import { tableIn } from "../models/tables.js";

export class ChatComposer extends Element {
  #sendLater = null;

  setUp({ session, operations, accept, maxUpload, maxChars }) {
    Object.assign(this, { session, maxChars, box: this.part("text"), tray: this.part("tray") });
    this.draft = new Draft(session, this.box);
    if (matchMedia("(max-width: 575.98px)").matches) this.box.placeholder = this.box.dataset.short;
    this.tray.setUp({ session, accept, limit: maxUpload });
    this.part("palette").setUp({ operations, box: this.box });
    this.listen(this.part("form"), "submit", (event) => { event.preventDefault(); this.submit(); });
    this.listen(this.box, "input", () => { this.invalid(""); this.#changed(); });
    this.listen(this.box, "keydown", (event) => this.#key(event));
    this.listen(this.box, "paste", (event) => this.#paste(event));
    this.listen(this.part("attach"), "click", () => this.part("files").click());
    this.listen(this.part("files"), "change", () => this.#chosen());
    this.listen(this.part("commands"), "click", () => this.commands());
    this.listen(this.part("offer"), "paste:file", ({ detail: file }) => { this.tray.take([file]); this.box.focus(); });
    this.listen(this.part("offer"), "paste:text", ({ detail: text }) => this.insert(text));
    this.listen(this.tray, "tray:changed", () => this.#trayChanged());
    this.listen(window, "pagehide", () => this.draft.keep());
    this.line();
    this.fill(this.draft.found(), { focus: false });
  }

  /** Replaces what is in the box: a suggestion, a command, the last message again. */
  fill(text, { focus = true } = {}) {
    this.invalid("");
    this.box.value = text;
    this.#changed();
    if (!focus) return;
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
    this.part("palette").refresh();
  }

  insert(text) {
    this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, "end");
    this.box.focus();
    this.#changed();
  }

  commands() {
    if (!this.box.value.startsWith("/")) this.fill(`/${this.box.value}`);
    this.box.focus();
    if (this.box.value.trim().length <= 1) this.box.setSelectionRange(1, 1);
    this.part("palette").refresh();
  }

  quote(text) { this.fill(`${text.trim().replace(/^/gm, "> ")}\n\n${this.box.value}`); }

  giveBack(text) {
    this.fill(this.box.value.trim() ? `${text}\n${this.box.value}` : text);
    this.draft.keep();
  }

  invalid(reason) {
    Object.assign(this.part("fault"), { textContent: reason, hidden: !reason });
    if (reason) this.box.setAttribute("aria-invalid", "true"); else this.box.removeAttribute("aria-invalid");
  }

  /** What stands below the box: which keys send, or for what a message waits. */
  line(words = null) {
    this.newline = read("newline", false);
    const shown = this.part("line");
    return shown.textContent = words ?? shown.dataset[this.newline ? "newline" : "enter"];
  }

  submit() {
    if (this.tray.busy) {
      this.#sendLater ??= this.tray.failures;
      return announce(this.line(t("upload.first")));
    }
    this.#sendLater = null;
    this.line();
    const names = this.tray.names;
    const text = this.box.value.trim() || (names.length ? count("upload.only", names.length, { names: names.join(", ") }) : "");
    if (!text || this.#tooLong()) return this.box.focus();
    if (!this.tell("composer:send", { text, attachments: names })) return;
    this.tray.empty();
    this.fill("");
    this.draft.sent();
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.part("palette").key(event)) return event.preventDefault();
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && (control || !this.newline)) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && !event.altKey && !this.box.value) {
      event.preventDefault();
      this.tell("composer:last");
    }
  }

  #changed() {
    const length = [...this.box.value].length;
    const counter = this.part("count");
    counter.hidden = length < this.maxChars * 0.8;
    counter.textContent = t("composer.count", { n: number(length), limit: number(this.maxChars) });
    counter.classList.toggle("over", length > this.maxChars);
    if (!CSS.supports("field-sizing", "content")) {
      this.box.style.height = "auto";
      this.box.style.height = `${this.box.scrollHeight}px`;
    }
    this.draft.soon();
  }

  #tooLong() {
    if ([...this.box.value].length <= this.maxChars) return false;
    this.invalid(t("composer.long", { limit: number(this.maxChars) }));
    return true;
  }

  #chosen() {
    this.tray.take([...this.part("files").files]);
    this.part("files").value = "";
    this.box.focus();
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const table = files.length ? null : tableIn(text);
    if (!files.length && !table) return;
    event.preventDefault();
    if (files.length) this.tray.take(files); else this.part("offer").show(text, table);
  }

  /** What waited for a file does not go without it. */
  #trayChanged() {
    if (this.#sendLater === null || this.tray.busy) return;
    if (this.tray.failures <= this.#sendLater) return this.submit();
    this.#sendLater = null;
    this.line(t("upload.held"));
  }
}

customElements.define("chat-composer", ChatComposer);
