/** Turns history and events into what the log shows: each fact once, in its place. */
import { ChatAnswer } from "../elements/chat-answer.js";
import { ChatMessage } from "../elements/chat-message.js";
import { JobCard } from "../elements/job-card.js";
import { t } from "../lib/words.js";

const ANSWERED = new Set(["text", "system", "tool"]);

export class Conversation extends EventTarget {
  #messages = new Map();
  #jobs = new Map();
  #explained = new Set();

  constructor(log, agent) {
    super();
    Object.assign(this, { log, agent });
  }

  /** A message of the outbox, before the server knows it. */
  local(entry, { own = true } = {}) {
    const view = {
      key: `c:${entry.id}`, clientId: entry.id, id: null, text: entry.text, time: entry.at,
      state: entry.state, error: entry.error, requestId: entry.requestId, attachments: entry.attachments, jobId: null,
    };
    return this.log.find(view.key) ?? this.#show(ChatMessage.from(view), { own });
  }

  /** Older items go above; what followed a message that is here already goes below it. */
  page(items) {
    const answered = new Map(items.filter((one) => one.type === "response").map((one) => [one.job_id, one.kind]));
    const above = [];
    const below = [];
    let met = false;
    for (const item of items) {
      const known = this.#known(item);
      if (known instanceof ChatMessage) {
        this.#confirm(known, item);
        met = true;
      } else if (!known) (met ? below : above).push(item);
      const job = item.type === "message" && item.job_id;
      if (job && !this.#jobs.has(job) && !ANSWERED.has(answered.get(job))) this.#tell("job:wanted", job);
    }
    this.log.prepend(above.map((item) => this.#past(item)));
    for (const item of below) this[item.type === "response" ? "answer" : "message"](item);
  }

  apply({ kind, data }) {
    const [noun] = kind.split(".");
    if (kind === "message.created") return this.message(data.message);
    if (kind === "response.created") return this.answer(data.response);
    if (noun === "message") return this.#state(kind, data);
    if (noun === "job") return this.job(data.job ?? data);
    if (data.redacted) import("./redacted.js").then(({ redact }) => redact(this, data.redacted)).catch(() => {});
  }

  message(item) {
    const known = this.#known(item);
    if (known) return this.#confirm(known, item);
    return this.#index(this.#show(ChatMessage.stored(item), { own: false }));
  }

  /** The server's answer to a sent message: its number and its time. */
  stored(entry, data) {
    const message = this.log.find(`c:${entry.id}`);
    if (!message) return;
    message.update({ id: data.message_id, time: data.timestamp, jobId: data.job_id ?? null, state: "sent", error: null });
    this.#index(message);
  }

  answer(item) {
    if (this.log.find(`r:${item.id}`)) return;
    this.#messages.get(item.message_id)?.update({ state: "answered" });
    this.#explain(item);
    this.#show(ChatAnswer.from(item, this.agent));
    this.#tell("answered", item);
  }

  /** A card appears with the first step: a command that only says something needs none. */
  job(facts) {
    const known = this.#jobs.get(facts.job_id);
    const job = { ...known, ...facts };
    this.#jobs.set(job.job_id, job);
    const message = this.#messages.get(job.message_id);
    const card = this.log.find(`j:${job.job_id}`);
    if (card) card.show(job);
    else if (job.steps?.length && job.command) this.#show(JobCard.from(job, this.agent), { after: message });
    if (this.#explained.has(job.job_id)) this.log.find(`j:${job.job_id}`)?.explain();
    if (!message) return;
    message.view.jobId = job.job_id;
    if (job.status === "running") message.update({ state: "working" });
    else if (job.status !== "pending") message.update({ state: "answered" });
  }

  get open() { return [...this.#messages.values()].filter((one) => !["answered", "failed"].includes(one.view.state)); }

  /** Whether a card already shows that something is going on. */
  get showsWork() { return this.log.items.some((one) => (one instanceof JobCard ? !one.ended : one.ariaBusy)); }

  get lastText() { return this.log.items.filter((one) => one instanceof ChatMessage).at(-1)?.view.text ?? ""; }

  rows(file) {
    for (const one of this.log.items) if (one instanceof ChatMessage && file.rows !== null) one.rows(file.name, file.rows);
  }

  clear() { this.#tell("cleared"); this.log.clear(); this.#messages.clear(); this.#jobs.clear(); }

  #past(item) {
    if (item.type !== "response") return this.#index(ChatMessage.stored(item));
    this.#explain(item);
    return ChatAnswer.from(item, this.agent);
  }

  #explain(item) {
    if (item.kind !== "error" || !item.job_id) return;
    this.#explained.add(item.job_id);
    this.log.find(`j:${item.job_id}`)?.explain();
  }

  #known(item) {
    if (item.type === "response") return this.log.find(`r:${item.id}`);
    return this.#messages.get(item.message_id) ?? this.log.find(`c:${item.client_msg_id}`);
  }

  #confirm(message, item) {
    message.update({ id: item.message_id, time: item.timestamp, jobId: item.job_id, state: item.state });
    this.#index(message);
    this.#tell("confirmed", item.client_msg_id);
  }

  #state(kind, { message_id: id, reason }) {
    const message = this.#messages.get(id);
    if (kind === "message.leased") message?.update({ state: "delivered" });
    if (kind === "message.acked") message?.update({ state: "answered" });
    if (kind === "message.released") message?.update({ state: "sent", released: true });
    if (kind === "message.dead") message?.update({ state: "failed", error: reason || t("state.dead.reason") });
  }

  #show(element, options) {
    this.log.add(element, options);
    this.#tell("shown", element);
    return element;
  }

  #index(element) {
    if (element instanceof ChatMessage && element.view.id) this.#messages.set(element.view.id, element);
    return element;
  }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}
