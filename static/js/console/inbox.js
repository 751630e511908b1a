/** The operator's inbox: rows and the open conversation follow the socket, nothing jumps. */
import { Element } from "../lib/element.js";
import { page } from "../lib/http.js";
import "./canned.js";
import { keepDraft } from "./desk-draft.js";
import { deskKeys } from "./desk-keys.js";
import { Follower } from "./follow.js";
import { showTimes } from "./relative-times.js";
import "./rich-text.js";
import { keepCounts, Rows } from "./rows.js";

const TOUCH_EVERY = 60_000;

class InboxLive extends Element {
  #follower = null;
  #rows = null;
  #touched = 0;

  start() {
    this.#toEnd();
    this.#rows = new Rows(this);
    this.#follower = new Follower(this, {
      wanted: (kind) => kind !== "typing" && kind !== "job.progress",
      look: (fresh) => this.#look(fresh),
    });
    this.listen(this, "keydown", (event) => this.#key(event));
    this.listen(this, "input", () => this.#touch());
    deskKeys(this);
    if (this.part("say")) keepDraft(this, this.part("say"));
  }

  stop() { this.#follower?.close(); }

  #look(fresh) {
    keepCounts(fresh);
    this.#rows.take(fresh);
    this.#talk(fresh);
    showTimes(this);
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
    for (const old of this.querySelectorAll('[data-part="warning"], .pane-facts')) {
      const next = fresh.querySelector(old.matches(".pane-facts") ? ".pane-facts" : '[data-part="warning"]');
      if (next && !old.contains(document.activeElement) && old.textContent !== next.textContent) old.replaceChildren(...next.childNodes);
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
