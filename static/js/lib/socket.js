/** The only place that opens a WebSocket; knows reconnecting and the cursor. */
import { heldToken, query } from "./http.js";

const BACK_OFF = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;

export class Socket extends EventTarget {
  #socket = null;
  #timers = new Set();
  #tries = 0;
  #wanted = false;

  constructor(sessionId, cursor, more = {}) {
    super();
    this.sessionId = sessionId;
    this.cursor = cursor;
    this.more = more;
  }

  get up() { return this.#socket?.readyState === WebSocket.OPEN; }

  open() {
    this.#wanted = true;
    this.#forget();
    this.#drop();
    const url = new URL(query("/ws", { session_id: this.sessionId, cursor: this.cursor, ...this.more }), location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener("open", () => heldToken() && socket.send(JSON.stringify({ type: "auth", token: heldToken(), cursor: this.cursor })));
    socket.addEventListener("message", (event) => this.#heard(event.data));
    socket.addEventListener("close", (event) => socket === this.#socket && this.#lost(event.code));
  }

  close() {
    this.#wanted = false;
    this.#forget();
    this.#drop();
  }

  /** Now, unless it is up: after a click, when the network or the reader comes back. */
  retry() {
    if (this.#wanted && !this.up && this.#socket?.readyState !== WebSocket.CONNECTING) this.open();
  }

  #heard(text) {
    const frame = JSON.parse(text);
    this.#forget("pong");
    this.#expectLife();
    if (frame.type === "ready") {
      this.#tries = 0;
      this.#tell("up");
    } else if (frame.type === "error") {
      this.#tell("refused", frame);
    } else if (frame.kind) {
      this.#tell("frame", frame);
    }
  }

  #lost(code) {
    this.#forget();
    this.#socket = null;
    if (!this.#wanted) return;
    const base = BACK_OFF[Math.min(this.#tries, BACK_OFF.length - 1)];
    const delay = Math.round(base * (0.75 + Math.random() / 2));
    this.#tries += 1;
    this.#later(delay, () => this.open());
    this.#tell("down", { code, retryAt: Date.now() + delay });
  }

  #expectLife() {
    this.#forget("ping");
    this.#later(PING_EVERY, () => {
      if (!this.up) return;
      this.#socket.send('{"type":"ping"}');
      this.#later(PONG_WITHIN, () => { this.#drop(); this.#lost(0); }, "pong");
    }, "ping");
  }

  #later(delay, action, kind = "retry") {
    const timer = { kind, id: setTimeout(() => { this.#timers.delete(timer); action(); }, delay) };
    this.#timers.add(timer);
  }

  #forget(kind) {
    for (const timer of this.#timers) {
      if (kind && timer.kind !== kind) continue;
      clearTimeout(timer.id);
      this.#timers.delete(timer);
    }
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}
