/** What the widget knows again after a reload. Browsers give a frame of another site no storage, or
 *  one that they forget; a cookie kept for this pair of sites alone they do allow, over https. */
import { read, remove, write } from "../lib/store.js";

const SECONDS = 400 * 86_400;
const RULES = "Path=/widget; Secure; SameSite=None; Partitioned";

export class Memory {
  constructor(agent) {
    this.name = `widget.${agent}`;
    this.cookie = `cb_${encodeURIComponent(this.name)}`;
  }

  read() { return read(this.name) ?? this.#inCookie(); }

  write(value) {
    if (write(this.name, value)) return;
    document.cookie = `${this.cookie}=${encodeURIComponent(JSON.stringify(value))}; Max-Age=${SECONDS}; ${RULES}`;
  }

  forget() {
    remove(this.name);
    document.cookie = `${this.cookie}=; Max-Age=0; ${RULES}`;
  }

  #inCookie() {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${this.cookie}=`));
    try {
      return found ? JSON.parse(decodeURIComponent(found.slice(this.cookie.length + 1))) : null;
    } catch {
      return null;
    }
  }
}
