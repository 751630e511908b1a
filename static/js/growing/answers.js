/** Answers that are still being written: one bubble each, until the finished one takes its place. */
import { ChatAnswer } from "../elements/chat-answer.js";
import { make, part } from "../lib/dom.js";
import { t } from "../lib/words.js";
import { markdown } from "./markdown.js";

const EVERY = 200;

export class Growing {
  #open = new Map();

  constructor(log, agent) { Object.assign(this, { log, agent }); }

  /** A piece, or with `response` all there is so far. False where a piece in between is missing. */
  take(piece) {
    const { response_id: id, stream, response, offset } = piece;
    if (stream === "dropped") return this.end(id);
    const one = this.#open.get(id) ?? this.#begin(piece);
    // The server counts characters, JavaScript counts halves of some.
    const text = [...(response ?? piece.delta ?? "")];
    const start = response === undefined ? offset : 0;
    if (start > one.length) return false;
    const more = text.slice(one.length - start);
    one.text += more.join("");
    one.length += more.length;
    if (more.length && !one.timer) one.timer = setTimeout(() => this.#draw(one), Math.max(0, one.drawn + EVERY - Date.now()));
    return true;
  }

  /** The finished answer is there, or there will be none. */
  end(id) {
    const one = this.#open.get(id);
    if (!one) return true;
    clearTimeout(one.timer);
    const focused = one.element.contains(document.activeElement);
    this.log.take(one.element);
    this.#open.delete(id);
    if (focused) document.getElementById("message").focus();
    return true;
  }

  clear() { for (const id of [...this.#open.keys()]) this.end(id); }

  #begin(piece) {
    const element = ChatAnswer.from({
      id: `growing-${piece.response_id}`, response: "", html: "", kind: piece.kind ?? "text",
      timestamp: piece.timestamp ?? new Date().toISOString(),
    }, this.agent);
    const stop = make("button", { className: "link", type: "button", text: t("answer.stop"), "data-part": "stop" });
    stop.addEventListener("click", () => element.tell("answer:stop", piece.response_id), { once: true });
    element.ariaBusy = "true";
    part(element, "copy").replaceWith(stop);
    const one = { element, text: "", length: 0, drawn: 0, timer: 0 };
    this.#open.set(piece.response_id, one);
    this.log.add(element);
    return one;
  }

  #draw(one) {
    Object.assign(one, { timer: 0, drawn: Date.now() });
    part(one.element, "prose").replaceChildren(markdown(one.text));
  }
}
