/** Looks at a page again when the socket of the staff gives a reason to: at most once a second,
 *  never while paused or in a tab that nobody sees, and every minute for what only time changes. */
import { sanitised } from "../lib/dom.js";
import { page } from "../lib/http.js";
import { Socket } from "../lib/socket.js";

const SETTLE = 300;
const REST = 1_000;
const ANYWAY = 60_000;

export class Follower {
  #timer = 0;
  #looked = 0;
  #paused = false;
  #missed = false;
  #looking = false;

  /** `wanted` says of an event's kind whether it matters; `look` gets the page as it is now. */
  constructor(element, { wanted, look }) {
    this.element = element;
    this.look = look;
    this.socket = new Socket(null, element.dataset.cursor, { desk: 1 });
    element.listen(this.socket, "frame", ({ detail }) => {
      this.socket.cursor = String(detail.seq ?? this.socket.cursor);
      if (wanted(detail.kind)) this.#soon();
    });
    element.listen(this.socket, "up", () => this.#soon());
    element.listen(window, "online", () => this.socket.retry());
    element.listen(document, "visibilitychange", () => { if (this.#missed) this.#soon(); });
    const pause = element.part("pause");
    if (pause) {
      pause.hidden = false;
      element.listen(pause, "click", () => this.#pause(pause));
    }
    this.clock = setInterval(() => document.hidden || this.#soon(), ANYWAY);
    this.socket.open();
  }

  close() {
    this.socket.close();
    clearTimeout(this.#timer);
    clearInterval(this.clock);
  }

  #pause(button) {
    this.#paused = !this.#paused;
    button.setAttribute("aria-pressed", String(this.#paused));
    if (!this.#paused && this.#missed) this.#soon();
  }

  /** Not later each time: a busy place would never be looked at. */
  #soon() {
    this.#missed = this.#paused || this.#looking || document.hidden;
    if (this.#missed || this.#timer) return;
    this.#timer = setTimeout(() => this.#now(), Math.max(SETTLE, this.#looked + REST - Date.now()));
  }

  async #now() {
    this.#timer = 0;
    this.#looking = true;
    try {
      const fresh = sanitised(await page(location.pathname + location.search, { signal: this.element.signal }));
      if (!this.#paused) this.look(fresh);
    } catch { /* the next reason comes */ }
    this.#looking = false;
    this.#looked = Date.now();
    if (this.#missed && !this.#paused) this.#soon();
  }
}
