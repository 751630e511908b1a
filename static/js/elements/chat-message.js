/** <chat-message>: the visitor's own words, and how far they have come. */
import { clone, glyph, part } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { clock, dayKey, whole } from "../lib/time.js";
import { count, t } from "../lib/words.js";
import { follows, GLYPHS, word } from "../models/states.js";

export class ChatMessage extends Element {
  static from(view) {
    const message = clone("t-message");
    message.show(view);
    return message;
  }

  /** One as the server tells of it. */
  static stored(item) {
    return ChatMessage.from({
      key: item.client_msg_id ? `c:${item.client_msg_id}` : `m:${item.message_id}`, clientId: item.client_msg_id,
      id: item.message_id, text: item.message, time: item.timestamp, state: item.state, error: null,
      attachments: item.attachments, jobId: item.job_id,
    });
  }

  start() {
    this.listen(this.part("retry"), "click", () => this.tell("message:retry", this.view));
    for (const how of ["copy", "share"]) {
      this.listen(this.part(how), "click", () => import("../sharing/sharing.js")
        .then((sharing) => sharing[how](this.part(how), this.view.text)).catch(() => {}));
    }
    this.listen(this.part("quote"), "click", () => this.tell("message:quote", this.view.text));
    this.listen(this.part("discard"), "click", () => this.tell("message:discard", this.view));
  }

  show(view) {
    this.view = view;
    this.dataset.key = view.key;
    this.dataset.day = dayKey(view.time);
    this.part("text").textContent = view.text;
    this.part("text").classList.toggle("command", view.text.startsWith("/"));
    this.#time(view.time);
    this.#files(view.attachments ?? []);
    this.#state();
  }

  /** News about it; older news than those shown change nothing. */
  update({ state, released = false, ...facts }) {
    Object.assign(this.view, facts);
    if (facts.time) this.#time(facts.time);
    if (state && follows(this.view.state, state, { released })) this.view.state = state;
    this.#state();
  }

  rows(name, rows) {
    for (const chip of this.part("files").children) {
      if (chip.dataset.name === name) part(chip, "note").textContent = count("upload.rows", rows);
    }
  }

  #time(iso) {
    const time = this.part("time");
    time.dateTime = iso;
    time.textContent = clock(iso);
    time.title = whole(iso);
  }

  #state() {
    const { state, error, note, id } = this.view;
    this.dataset.state = state;
    glyph(this.part("glyph"), GLYPHS[state]);
    const failure = state === "failed" && id ? "dead" : state;
    this.part("state").textContent = note && state === "working" ? note : word(failure, { reason: error ?? "" });
    this.part("actions").hidden = state !== "failed";
    this.part("request").hidden = state !== "failed" || !this.view.requestId;
    this.part("request").textContent = t("state.request", { id: this.view.requestId });
  }

  #files(names) {
    const files = this.part("files");
    files.hidden = !names.length;
    files.replaceChildren(...names.map((name) => {
      const chip = clone("t-file-chip");
      chip.dataset.name = name;
      part(chip, "name").textContent = name;
      return chip;
    }));
  }
}

customElements.define("chat-message", ChatMessage);
