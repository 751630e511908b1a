/** Who answers right now: asked now and then while somebody looks, sooner when asked for. */
import { call } from "../lib/http.js";

const EVERY = 30_000;

export class Presence extends EventTarget {
  #timer = 0;

  constructor(agent) {
    super();
    this.agent = agent;
    this.answering = agent.answering;
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
    this.#plan(EVERY);
  }

  async ask() {
    this.#plan(EVERY);
    const { agents } = await call("/api/v1/agents").catch(() => ({ agents: [] }));
    for (const agent of agents) {
      if (agent.slug === this.agent.slug) this.answering = agent.status === "answering";
    }
    if (agents.length) this.dispatchEvent(new CustomEvent("change", { detail: agents }));
  }

  /** Something waits for an answer: a silent agent should be known soon. */
  soon(milliseconds) { this.#plan(milliseconds); }

  #plan(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (document.hidden ? this.#plan(EVERY) : this.ask()), milliseconds);
  }
}
