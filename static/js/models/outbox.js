/** Messages on their way: kept in the browser until the server has them, sent in order, once. */
import { call } from "../lib/http.js";
import { randomId, read, write } from "../lib/store.js";
import { sleep } from "../lib/time.js";

export const KEPT = "outbox";
const TAB = randomId();
const MOST = 50;
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000];

export class Outbox extends EventTarget {
  #entries;
  #pumping = false;
  #limited = 0;
  #wake = new AbortController();

  constructor(session) {
    super();
    this.session = session;
    this.#entries = read(KEPT, []).filter((entry) => this.#ours(entry)).map((entry) => ({ ...entry, tab: TAB }));
    if (this.#entries.length) this.#update(() => {});
    // Held as long as this page lives: what it has not sent is nobody else's to send.
    navigator.locks?.request(`cb.${TAB}`, () => new Promise(() => {})).catch(() => {}); // frames may have none
    session.addEventListener("opened", () => this.#update(() => {
      for (const entry of this.#entries) entry.session_id ??= session.id;
    }));
    addEventListener("online", () => this.wake());
  }

  get entries() { return [...this.#entries]; }

  holds(id) { return Boolean(this.#find(id)); }

  get full() { return read(KEPT, []).length >= MOST; }

  add(text, attachments = []) {
    const entry = {
      id: randomId(), text, attachments, session_id: this.session.id, agent: this.session.agent.slug,
      tab: TAB, at: new Date().toISOString(), state: "sending", error: null,
    };
    this.#update(() => this.#entries.push(entry));
    this.#tell("added", entry);
    this.pump();
    return entry;
  }

  retry(id) { this.#set(this.#find(id), "sending"); this.pump(); }

  discard(id) { this.#update(() => { this.#entries = this.#entries.filter((entry) => entry.id !== id); }); }

  /** The server has it, whatever became of its answer. */
  confirm(id) {
    const entry = this.#find(id);
    if (!entry) return;
    this.discard(id);
    this.#tell("sent", { entry, data: null });
  }

  wake() {
    if (Date.now() < this.#limited) return;
    this.#wake.abort();
    this.pump();
  }

  async pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    let entry;
    while ((entry = this.#entries.find((one) => one.state === "sending"))) await this.#send(entry);
    this.#pumping = false;
  }

  async #send(entry) {
    for (let attempt = 0; this.#find(entry.id); attempt += 1) {
      try {
        const data = await this.#post(entry);
        if (!this.#find(entry.id)) return;
        this.discard(entry.id);
        return this.#tell("sent", { entry, data });
      } catch (error) {
        if (!this.#find(entry.id)) return;
        const over = navigator.onLine && attempt >= PAUSES.length;
        if (!error.passing || over) return this.#set(entry, "failed", error);
        const limited = error.status === 429 ? Date.now() + (error.retryAfter ?? 1) * 1_000 : 0;
        this.#limited = limited;
        this.#tell("waiting", { entry, offline: !navigator.onLine, limited });
        await this.#pause(error.retryAfter ? error.retryAfter * 1000 : PAUSES[attempt]);
      }
    }
  }

  async #post(entry) {
    return post(await this.session.ensure(), entry);
  }

  /** Offline there is no end to it but the network's return, which wakes it. */
  #pause(milliseconds = 60_000) {
    this.#wake = new AbortController();
    return sleep(navigator.onLine ? milliseconds : 3_600_000, this.#wake.signal);
  }

  #find(id) { return this.#entries.find((entry) => entry.id === id); }

  #set(entry, state, error = null) {
    if (!entry) return;
    this.#update(() => Object.assign(entry, { state, error: error?.message, code: error?.code, status: error?.status, requestId: error?.requestId }));
    this.#tell("changed", entry);
  }

  #ours(entry) {
    const { id, agent } = this.session;
    return entry.session_id ? entry.session_id === id : !id && entry.agent === agent.slug;
  }

  /** Other tabs keep theirs in the same list: only ours are replaced. */
  #update(change) {
    const before = new Set(this.#entries.map((entry) => entry.id));
    change();
    const others = read(KEPT, []).filter((entry) => !before.has(entry.id) && !this.#find(entry.id));
    write(KEPT, [...others, ...this.#entries].slice(-MOST));
  }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}

export function post(session_id, { text, id, agent, attachments }) {
  const body = { session_id, message: text, client_msg_id: id, agent_id: agent, attachments };
  return call("/api/v1/?action=messages", { method: "POST", body });
}
