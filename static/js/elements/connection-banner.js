/** <connection-banner>: a thin line that says what is wrong with the connection. Screen readers
 *  hear the sentence, not each second of the countdown. */
import { Element } from "../lib/element.js";
import { t } from "../lib/words.js";

const BACK = 2_000;

export class ConnectionBanner extends Element {
  #timer = 0;
  #state = "live";

  start() {
    this.listen(this.part("now"), "click", () => {
      this.part("left").textContent = t("connection.now");
      this.tell("connection:retry");
    });
  }

  stop() { clearInterval(this.#timer); }

  show({ name, retryAt }) {
    const fine = name === "live" || name === "polling";
    if (fine) return !["live", "limited"].includes(this.#state) && this.#back();
    clearInterval(this.#timer);
    this.#state = this.dataset.state = name;
    this.hidden = false;
    this.part("now").hidden = name === "offline";
    const write = () => {
      const left = Math.ceil((retryAt - Date.now()) / 1_000);
      this.part("left").textContent = name === "offline" ? "" : left > 0 ? t("connection.in", { n: left }) : t("connection.now");
    };
    this.part("text").textContent = t(`connection.${name}`);
    write();
    this.#timer = setInterval(write, 1_000);
  }

  settle(name) {
    if (this.#state !== name) return;
    clearInterval(this.#timer);
    this.#state = "live";
    this.hidden = true;
  }

  #back() {
    clearInterval(this.#timer);
    this.#state = "live";
    this.dataset.state = "back";
    this.part("now").hidden = true;
    this.part("text").textContent = t("connection.back");
    this.part("left").textContent = "";
    this.#timer = setTimeout(() => { this.hidden = true; }, BACK);
  }
}

customElements.define("connection-banner", ConnectionBanner);
