/** The operator's inbox: rows and the open conversation follow the socket, nothing jumps. */
import { Element } from "../lib/element.js";
import { announce, sanitised } from "../lib/dom.js";
import { page } from "../lib/http.js";
import { Socket } from "../lib/socket.js";
import { showTimes } from "./relative-times.js";
import "./rich-text.js";

const SETTLE = 300;
const TOUCH_EVERY = 60_000;

class InboxLive extends Element {
  #socket = null;
  #timer = 0;
  #touched = 0;
  #latest = null;

  start() {
    this.#toEnd();
    this.#socket = new Socket(null, this.dataset.cursor, { desk: 1 });
    this.listen(this.#socket, "frame", (event) => this.#heard(event.detail));
    this.listen(this.#socket, "up", () => this.#soon());
    this.#socket.open();
    this.listen(window, "online", () => this.#socket.retry());
    this.listen(this.part("show"), "click", () => this.#showRows());
    this.listen(this, "keydown", (event) => this.#key(event));
    this.listen(this, "input", () => this.#touch());
  }

  stop() { this.#socket?.close(); clearTimeout(this.#timer); }

  #heard(frame) {
    this.#socket.cursor = String(frame.seq ?? this.#socket.cursor);
    if (frame.kind !== "typing" && frame.kind !== "job.progress") this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), SETTLE);
  }

  async #look() {
    let fresh;
    try { fresh = sanitised(await page(location.pathname + location.search, { signal: this.signal })); } catch { return; }
    this.#latest = fresh.querySelector('[data-part="rows"]');
    if (!this.#latest) return;
    this.#counts(fresh);
    this.#rows(this.#latest);
    this.#talk(fresh);
    showTimes(this);
  }

  #counts(fresh) {
    for (const count of document.querySelectorAll("[data-count]")) {
      const now = fresh.querySelector(`[data-count="${count.dataset.count}"]`);
      count.textContent = now?.textContent ?? "";
    }
  }

  /** Rows that are shown change in place and keep it; others wait behind a button. */
  #rows(latest) {
    const shown = new Map([...this.part("rows").querySelectorAll("li[data-session]")].map((row) => [row.dataset.session, row]));
    let more = 0;
    for (const row of latest.querySelectorAll("li[data-session]")) {
      const old = shown.get(row.dataset.session);
      shown.delete(row.dataset.session);
      if (!old) { more += 1; continue; }
      delete old.dataset.gone;
      if (old.textContent !== row.textContent && !old.contains(document.activeElement)) old.replaceChildren(...[...row.childNodes].map((node) => node.cloneNode(true)));
    }
    for (const gone of shown.values()) gone.dataset.gone = "";
    if (!more) { this.part("new").hidden = true; return; }
    if (this.part("new").hidden) announce(`${more} new`);
    this.part("show").textContent = `${more} new: show`;
    this.part("new").hidden = false;
  }

  #showRows() {
    this.part("rows").replaceChildren(...this.#latest.childNodes);
    this.part("new").hidden = true;
    showTimes(this);
    this.part("rows").querySelector("a")?.focus();
  }

  #talk(fresh) {
    const entries = this.part("entries");
    const now = fresh.querySelector('[data-part="entries"]');
    if (!entries || !now) return;
    const log = this.part("log");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 200;
    const known = new Map([...entries.children].map((entry) => [entry.dataset.key, entry]));
    for (const entry of [...now.children]) {
      const old = known.get(entry.dataset.key);
      if (!old) entries.append(entry);
      else this.#refoot(old, entry);
    }
    for (const name of ["warning", "since"]) {
      const [old, next] = [this.part(name), fresh.querySelector(`[data-part="${name}"]`)];
      if (old && next && old.textContent !== next.textContent) old.replaceChildren(...next.childNodes);
    }
    const [head, nextHead] = [this.part("head"), fresh.querySelector('[data-part="head"]')];
    if (!head.contains(document.activeElement) && !head.querySelector("details[open]")) head.replaceChildren(...nextHead.childNodes);
    if (atEnd) this.#toEnd();
  }

  #refoot(old, entry) {
    const [foot, next] = [old.querySelector(".foot"), entry.querySelector(".foot")];
    if (foot && next && foot.textContent !== next.textContent) foot.replaceChildren(...next.childNodes);
  }

  #toEnd() {
    const log = this.part("log");
    if (log) log.scrollTop = log.scrollHeight;
  }

  #key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.name !== "text") return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector('[value="stay"]'));
  }

  /** Whoever writes is not idle. */
  #touch() {
    const say = this.part("say");
    if (!say || Date.now() - this.#touched < TOUCH_EVERY) return;
    this.#touched = Date.now();
    page(say.dataset.touch, { form: { csrf_token: say.elements.csrf_token.value } }).catch(() => {});
  }
}

customElements.define("inbox-live", InboxLive);
