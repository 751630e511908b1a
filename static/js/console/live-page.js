/** <live-page data-cursor data-kinds>: a page of the console that follows what happens: its rows, if
 *  it has a list, and every part that is marked `data-live`. */
import { Element } from "../lib/element.js";
import { Follower } from "./follow.js";
import { showTimes } from "./relative-times.js";
import { keepCounts, keepTrue, Rows } from "./rows.js";

class LivePage extends Element {
  #follower = null;
  #rows = null;

  start() {
    if (this.part("rows")) this.#rows = new Rows(this);
    this.#follower = new Follower(this, {
      wanted: (kind) => kind.startsWith(this.dataset.kinds),
      look: (fresh) => this.#look(fresh),
    });
  }

  stop() { this.#follower?.close(); }

  #look(fresh) {
    keepCounts(fresh);
    this.#rows?.take(fresh);
    for (const part of this.querySelectorAll("[data-live]")) {
      const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (now) keepTrue(part, now);
    }
    showTimes(this);
  }
}

customElements.define("live-page", LivePage);
