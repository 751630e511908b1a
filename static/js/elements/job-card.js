/** <job-card>: a command at work: its steps, how far, how fast, and a way to stop it. */
import { announce, clone, part } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { elapsed, number, serverNow, took } from "../lib/time.js";
import { t } from "../lib/words.js";

const TONES = { completed: "good", failed: "bad", dead: "bad", cancelled: "wait", running: "info", pending: "wait", input_required: "wait" };
const STEPS = { completed: "done", running: "now", failed: "bad", pending: "wait", cancelled: "wait", skipped: "wait" };
const ENDED = new Set(["completed", "failed", "cancelled", "dead"]);
const SAY_EVERY = 5_000;

export class JobCard extends Element {
  #ticking = 0;
  #said = { at: 0, percent: 0 };

  static from(job, agent) {
    const card = clone("t-job");
    card.dataset.key = `j:${job.job_id}`;
    part(card, "letter").textContent = agent.letter;
    part(card, "letter").classList.toggle("sky", !agent.built_in);
    card.show(job);
    return card;
  }

  get ended() { return ENDED.has(this.job.status); }

  start() {
    this.listen(this.part("cancel"), "click", () => this.#ask("cancel"));
    this.listen(this.part("again"), "click", () => this.#ask("retry"));
    this.listen(this.part("fold"), "click", () => this.#fold(this.part("fold").getAttribute("aria-expanded") === "true"));
    this.#ticking = setInterval(() => this.ended || this.#pace(), 1_000);
  }

  stop() { clearInterval(this.#ticking); }

  show(facts) {
    const before = this.job?.status;
    this.job = { ...this.job, ...facts };
    if (this.job.status === "running") this.job.started_at ??= new Date(serverNow()).toISOString();
    const { status, steps, error } = this.job;
    this.part("title").textContent = this.#title();
    this.part("status").textContent = t(this.job.cancel_requested && !this.ended ? "job.cancelling" : `job.${status}`);
    this.part("status").hidden = status === "running" && !this.job.cancel_requested;
    this.part("status").className = `state ${TONES[status] ?? "info"}`;
    this.part("steps").replaceChildren(...steps.map((step, at) => this.#step(step, at)));
    this.part("error").textContent = error ?? "";
    this.part("error").hidden = !error || !this.ended || this.explained;
    this.part("cancel").hidden = this.ended;
    this.part("again").hidden = !["failed", "cancelled", "dead"].includes(status);
    this.part("bar").hidden = this.ended;
    this.part("fold").hidden = !this.ended || !steps.length;
    this.#bar();
    this.#pace();
    if (before !== status) this.#fold(this.ended);
  }

  /** An answer says why it failed: the card need not say it again. */
  explain() {
    this.explained = true;
    this.part("error").hidden = true;
  }

  busy(on) {
    this.part("cancel").disabled = on;
    this.part("again").disabled = on;
  }

  #ask(what) {
    this.busy(true);
    this.tell(`job:${what}`, this);
  }

  #title() {
    const { steps, file, command } = this.job;
    if (!this.ended && file) return t("job.working", { file });
    const what = steps.length > 2 ? t("job.steps", { n: steps.length })
      : steps.map((step) => step.title || step.operation).join(", ") || command;
    return file ? t("job.on", { what, file }) : what;
  }

  #step(step, at) {
    const row = clone("t-step");
    row.className = STEPS[step.status] ?? "wait";
    part(row, "tick").textContent = { completed: "✓", failed: "!" }[step.status] ?? String(at + 1);
    part(row, "title").textContent = step.title || step.operation;
    part(row, "note").textContent = this.#note(step, at);
    return row;
  }

  #note(step, at) {
    const { progress } = this.job;
    if (step.status === "completed" && step.rows_in !== null && step.rows_out !== null && step.rows_in !== step.rows_out) {
      return t("step.rows", { in: number(step.rows_in), out: number(step.rows_out) });
    }
    if (step.status === "running" && progress?.step === at && progress.rows_total) {
      return t("step.of", { done: number(progress.rows_done), total: number(progress.rows_total) });
    }
    return t(this.ended && step.status === "pending" ? "step.skipped" : `step.${step.status}`);
  }

  #bar() {
    const bar = this.part("bar");
    const share = this.job.progress?.fraction;
    const known = typeof share === "number";
    const percent = known ? Math.round(share * 100) : 0;
    bar.classList.toggle("unknown", !known);
    bar.setAttribute("aria-label", t("job.progress", { title: this.#title() }));
    if (known) bar.setAttribute("aria-valuenow", percent); else bar.removeAttribute("aria-valuenow");
    this.part("fill").style.width = known ? `${percent}%` : "";
    const due = Date.now() - this.#said.at > SAY_EVERY && percent >= this.#said.percent + 10;
    if (known && !this.ended && due) {
      this.#said = { at: Date.now(), percent };
      announce(t("job.percent", { title: this.#title(), n: percent }));
    }
  }

  #pace() {
    const { started_at: begun, finished_at: ended, progress, status } = this.job;
    const time = !begun ? "" : ended ? took(Date.parse(ended) - Date.parse(begun)) : elapsed(serverNow() - Date.parse(begun));
    const rate = progress?.rows_per_second && !this.ended ? t("job.rate", { n: number(Math.round(progress.rows_per_second)) }) : "";
    this.part("pace").textContent = status === "pending" ? t("job.queued") : [time, rate].filter(Boolean).join(" · ");
  }

  #fold(folded) {
    this.toggleAttribute("data-folded", folded);
    this.part("steps").hidden = folded;
    this.part("fold").setAttribute("aria-expanded", String(!folded));
  }
}

customElements.define("job-card", JobCard);
