/** <chat-log>: the conversation in order, and the rules of scrolling. */
import { make } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { dayKey, dayName } from "../lib/time.js";
import { count, t } from "../lib/words.js";

const NEAR = 200;
const EARLY = 300;

export class ChatLog extends Element {
  #unread = 0;
  #byKey = new Map();
  #loading = false;

  start() {
    this.jump = document.getElementById("jump");
    this.listen(this.jump, "click", () => this.toEnd({ smooth: true }));
    this.listen(this, "scroll", () => this.#scrolled(), { passive: true });
    this.#sizes = new ResizeObserver(() => this.#stuck && this.#byKey.size && this.toEnd());
    this.#sizes.observe(this);
  }

  stop() { this.#sizes.disconnect(); }

  #sizes = null;
  #stuck = true;

  get nearEnd() { return this.scrollHeight - this.scrollTop - this.clientHeight <= NEAR; }

  find(key) { return this.#byKey.get(key); }

  /** How many came since the reader was at the end. */
  get unread() { return this.#unread; }

  get items() { return [...this.#byKey.values()]; }

  /** Adds at the end, or behind another element; says whether the reader was there. */
  add(element, { after = null, own = false } = {}) {
    const follow = own || this.#stuck || this.nearEnd;
    this.#remember(element);
    const place = after?.isConnected ? after.nextSibling : this.#tail();
    this.insertBefore(element, place);
    if (!after) this.#divide(element);
    this.#sizes.observe(element);
    if (follow) this.toEnd(); else this.#count();
    return follow;
  }

  /** Older elements go before the oldest, in one piece; what is being read stays where it is. */
  prepend(elements) {
    const bottom = this.scrollHeight - this.scrollTop;
    const oldest = this.querySelector(".day");
    const piece = document.createDocumentFragment();
    let day = null;
    for (const element of elements) {
      this.#remember(element);
      if (element.dataset.day !== day) piece.append(dayLine(element));
      day = element.dataset.day;
      piece.append(element);
    }
    this.insertBefore(piece, oldest ?? this.#tail());
    if (oldest?.dataset.day === day) oldest.remove();
    this.scrollTop = this.scrollHeight - bottom;
  }

  rename(element, key) {
    this.#byKey.delete(element.dataset.key);
    element.dataset.key = key;
    this.#byKey.set(key, element);
  }

  take(element) {
    this.#byKey.delete(element.dataset.key);
    element.remove();
  }

  clear() {
    for (const element of this.#byKey.values()) element.remove();
    this.#byKey.clear();
    this.querySelectorAll(".day").forEach((day) => day.remove());
  }

  toEnd({ smooth = false } = {}) {
    this.#unread = 0;
    this.#stuck = true;
    this.scrollTo({ top: this.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.#button();
  }

  async older(load) {
    if (this.#loading) return;
    this.#loading = true;
    const note = make("p", { className: "loading", text: t("log.older") });
    this.prepend([]);
    this.insertBefore(note, this.firstChild);
    try { await load(); } finally { note.remove(); this.#loading = false; }
  }

  #remember(element) { this.#byKey.set(element.dataset.key, element); }

  #tail() { return this.querySelector("working-note"); }

  #divide(element) {
    let before = element.previousElementSibling;
    while (before && !before.dataset.day && !before.classList.contains("empty")) before = before.previousElementSibling;
    if (!element.dataset.day || before?.dataset.day === element.dataset.day) return;
    this.insertBefore(dayLine(element), element);
  }

  #scrolled() {
    this.#stuck = this.nearEnd;
    if (this.#stuck) this.#unread = 0;
    this.#button();
    if (this.scrollTop < Math.max(EARLY, this.clientHeight)) this.tell("log:top");
  }

  #count() { this.#unread += 1; this.#button(); }

  #button() {
    this.jump.hidden = this.#stuck || this.nearEnd;
    this.jump.textContent = this.#unread ? count("log.new", this.#unread) : t("log.end");
  }
}

function dayLine(element) {
  const time = element.querySelector("time")?.dateTime ?? new Date().toISOString();
  return make("div", { className: "day", text: dayName(time), "data-day": dayKey(time) });
}

customElements.define("chat-log", ChatLog);
