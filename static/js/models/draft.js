/** What is being written, kept in the browser until it is sent. */
import { read, remove, write } from "../lib/store.js";

const AFTER = 300;
const CARRIED = "draft.carried";

export class Draft {
  #saving = 0;

  constructor(session, box) { Object.assign(this, { session, box }); }

  /** What was left here, or brought along from another agent's page. */
  found() {
    const text = read(this.session.draftName) || read(CARRIED) || "";
    remove(CARRIED);
    return text;
  }

  soon() {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.keep(), AFTER);
  }

  keep() {
    if (this.box.value.trim()) write(this.session.draftName, this.box.value); else remove(this.session.draftName);
  }

  sent() {
    clearTimeout(this.#saving);
    remove(this.session.draftName);
  }

  /** Another agent's page opens with what has been written here. */
  carry() { if (this.box.value.trim()) write(CARRIED, this.box.value); }

  /** The conversation got its id. */
  move(from) { remove(from); this.keep(); }
}
