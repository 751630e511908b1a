/** Decides what the end of the conversation says: dots, "still working", or that nobody is there. */
import { t } from "../lib/words.js";

const PATIENCE = 400;
const ASK_AFTER = 3_000;

export class Work {
  #typing = 0;
  #timer = 0;

  constructor({ conversation, presence, note, away, log }) {
    Object.assign(this, { conversation, presence, note, away, log });
    presence.addEventListener("change", () => this.refresh());
  }

  typing(seconds) {
    this.#typing = Date.now() + seconds * 1_000;
    setTimeout(() => this.refresh(), seconds * 1_000 + 50);
    this.refresh();
  }

  answered() { this.#typing = 0; this.refresh(); }

  refresh() {
    const { name } = this.presence.agent;
    const open = this.conversation.open;
    const waiting = open.filter((one) => one.view.state === "sent");
    this.away.hidden = this.presence.answering || !waiting.length;
    if (waiting.length) this.presence.soon(this.away.hidden ? ASK_AFTER : 3 * ASK_AFTER);
    if (this.#typing > Date.now()) return this.#show(t("working.typing", { agent: name }));
    const held = open.some((one) => ["delivered", "working"].includes(one.view.state)
      || (one.view.jobId && this.presence.answering));
    if (held && !this.conversation.showsWork) this.#soon(t("working.now", { agent: name }));
    else if (waiting.length && this.presence.answering && !this.conversation.showsWork) this.#soon(t("working.waiting", { agent: name }));
    else this.#hide();
  }

  #soon(text) {
    if (!this.note.hidden) return this.#show(text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(text), PATIENCE);
  }

  #show(text) {
    clearTimeout(this.#timer);
    const near = this.log.nearEnd;
    this.note.show(text);
    if (near) this.log.toEnd();
  }

  #hide() {
    clearTimeout(this.#timer);
    this.note.hide();
  }
}
