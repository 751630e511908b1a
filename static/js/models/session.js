/** The conversation this page shows; opened on the server when there is something to keep. */
import { call, query } from "../lib/http.js";
import { forTab, randomId } from "../lib/store.js";

const PAGE = 50;

export class Session extends EventTarget {
  #opening = null;
  #before = null;
  #once;

  constructor(boot) {
    super();
    this.id = boot.session_id;
    this.agent = boot.agent;
    this.#once = forTab(`opening.${this.agent.slug}`);
    this.titled = boot.titled;
    this.more = false;
  }

  get path() { return `/api/v1/sessions/${encodeURIComponent(this.id)}`; }

  get draftName() { return `draft.${this.id ?? `new:${this.agent.slug}`}`; }

  async ensure() {
    if (this.id) return this.id;
    this.#opening ??= call("/api/v1/sessions", { method: "POST", body: { agent_id: this.agent.slug }, key: this.#key() });
    try {
      const opened = await this.#opening;
      if (!this.id) {
        const draftName = this.draftName;
        this.id = opened.session_id;
        this.#once.write(null);
        this.dispatchEvent(new CustomEvent("opened", { detail: { draftName } }));
      }
      return this.id;
    } catch (error) {
      this.#opening = null;
      if (!error.passing) this.#once.write(null);
      throw error;
    }
  }

  /** One for every try of this tab, also after a reload: an opening whose answer was lost is not
   *  made twice. */
  #key() {
    const key = this.#once.read() ?? randomId();
    this.#once.write(key);
    return key;
  }

  /** The newest page at first, then older ones; `more` says whether there is another. */
  async page({ again = false } = {}) {
    const before = again ? null : this.#before;
    const page = await call(query(`${this.path}/messages`, { limit: PAGE, before }));
    this.#before = page.before;
    this.more = Boolean(page.before);
    return page;
  }

  state() { return call(this.path); }

  files() { return call(`${this.path}/files`); }

  pipelines() { return this.id ? call(`${this.path}/pipelines`) : Promise.resolve({ pipelines: [] }); }

  exportUrl(format) { return query(`${this.path}/export`, { format }); }
}
