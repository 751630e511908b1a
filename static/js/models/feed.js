/** The events of one session, in order and once: over the socket, and by polling where it fails. */
import { ApiError, call, query } from "../lib/http.js";
import { Socket } from "../lib/socket.js";
import { noteServerTime, sleep } from "../lib/time.js";

const GRACE = 1_500;
const WAIT = 25;
const RESTARTING = 1012;

export class Feed extends EventTarget {
  #socket = null;
  #polling = null;
  #grace = 0;
  #retryAt = 0;
  #restarting = false;
  #seen = 0;

  follow(sessionId, cursor) {
    this.leave();
    this.sessionId = sessionId;
    this.cursor = cursor;
    this.#seen = Number(cursor) || 0;
    this.#socket = new Socket(sessionId, cursor);
    this.#socket.addEventListener("up", () => this.#up());
    this.#socket.addEventListener("down", (event) => this.#down(event.detail));
    this.#socket.addEventListener("frame", (event) => this.#frame(event.detail));
    this.#socket.addEventListener("refused", (event) => this.#refused(event.detail.error_code));
    this.#socket.open();
    this.#grace = setTimeout(() => this.#poll(), GRACE);
  }

  leave() {
    this.#socket?.close();
    this.#socket = null;
    this.#stopPolling();
  }

  retry() {
    this.#socket?.retry();
    if (this.#polling) this.#poll();
  }

  #up() {
    this.#restarting = false;
    this.#stopPolling();
    this.#state("live");
  }

  #down({ code, retryAt }) {
    this.#restarting ||= code === RESTARTING;
    this.#retryAt = retryAt;
    if (!this.#polling && !this.#grace) this.#grace = setTimeout(() => this.#poll(), GRACE);
    if (this.lost) this.#state(this.lost);
  }

  #stopPolling() {
    clearTimeout(this.#grace);
    this.#grace = 0;
    this.#polling?.abort();
    this.#polling = null;
    this.lost = null;
  }

  async #poll() {
    this.#stopPolling();
    const polling = new AbortController();
    this.#polling = polling;
    for (let wait = 0; !polling.signal.aborted; ) {
      try {
        const url = query("/api/v1/", { action: "events", session_id: this.sessionId, cursor: this.cursor, wait });
        const found = await call(url, { signal: polling.signal, timeout: (WAIT + 10) * 1000 });
        if (polling.signal.aborted) return;
        found.events.forEach((event) => this.#take(event));
        this.#moveTo(found.cursor);
        this.#state("polling");
        wait = WAIT;
      } catch (error) {
        if (polling.signal.aborted) return;
        if (error.status === 410) return this.#tell("expired");
        if (error.status === 401 || error.status === 404) return this.#tell("gone", error);
        this.lost = error.status ? "busy" : this.#restarting ? "restarting" : "lost";
        this.#state(this.lost);
        wait = 0;
        await sleep((error.retryAfter ?? 2) * 1000, polling.signal);
      }
    }
  }

  #refused(code) {
    if (code === "cursor_expired") this.#tell("expired");
    if (code === "session_expired") this.#tell("gone", new ApiError(code, { status: 401, code }));
    if (code === "session_not_found" || code === "session_token_required") this.#tell("gone", new ApiError(code));
  }

  /** An event too long for a frame is fetched. */
  async #frame(event) {
    if (!event.truncated) return this.#take(event);
    const url = query("/api/v1/", { action: "events", session_id: this.sessionId, cursor: event.seq - 1, limit: 1 });
    const found = await call(url).catch(() => ({ events: [] }));
    found.events.forEach((one) => this.#take(one));
  }

  #take(event) {
    if (event.seq) {
      this.#moveTo(event.seq);
      noteServerTime(event.created_at);
    }
    this.#tell("event", event);
  }

  #moveTo(cursor) {
    this.#seen = Math.max(this.#seen, Number(cursor));
    this.cursor = String(this.#seen);
    if (this.#socket) this.#socket.cursor = this.cursor;
  }

  #state(name) { this.#tell("state", { name: navigator.onLine ? name : "offline", retryAt: this.#retryAt }); }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}
