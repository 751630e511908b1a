/** <sign-in-note>: asks to sign in, and leads back to this conversation. */
import { Element } from "../lib/element.js";

export class SignInNote extends Element {
  start() {
    this.listen(this.part("later"), "click", () => { this.hidden = true; });
  }

  /** `expired`, `limit` (guests must) or `offered` (they may decline). */
  show(reason, limit) {
    this.dataset.reason = reason;
    this.part("text").textContent = this.dataset[reason].replace("{limit}", limit);
    this.part("later").hidden = reason !== "offered";
    this.part("link").href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
    this.hidden = false;
  }
}

customElements.define("sign-in-note", SignInNote);
