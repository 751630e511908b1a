/** A custom element in the light DOM: finds its parts, and its listeners end with it. */
import { part } from "./dom.js";

export class Element extends HTMLElement {
  #ends = new AbortController();

  connectedCallback() {
    this.#ends = new AbortController();
    this.start?.();
  }

  disconnectedCallback() {
    this.#ends.abort();
    this.stop?.();
  }

  get signal() { return this.#ends.signal; }

  part(name) { return part(this, name); }

  listen(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { signal: this.signal, ...options });
  }

  tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { bubbles: true, cancelable: true, detail }));
  }
}
