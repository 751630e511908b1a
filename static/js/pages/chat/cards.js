/** Files, jobs, results and suggestions: what their buttons do. */
import { announce } from "../../lib/dom.js";
import { call } from "../../lib/http.js";
import { t } from "../../lib/words.js";

const SAMPLE_COMMAND = "/normalize email=email_format joined=date_format | dedupe by=email";

export function cards({ find, log, composer, empty, outbox, conversation, work, failed }) {
  const box = find("#message");
  let turn = Promise.resolve();

  document.addEventListener("files:dropped", ({ detail: files }) => {
    composer.tray.take(files);
    box.focus();
  });
  log.addEventListener("file:reuse", ({ detail: file }) => {
    composer.tray.reuse(file);
    announce(t("result.reused", { name: file.name }));
    box.focus();
  });
  log.addEventListener("suggestion:send", ({ detail: text }) => outbox.add(text));
  log.addEventListener("suggestion:fill", ({ detail: text }) => composer.fill(text));

  for (const what of ["cancel", "retry"]) {
    log.addEventListener(`job:${what}`, async ({ detail: card }) => {
      try {
        conversation.job(await call(`/api/v1/jobs/${card.job.job_id}/${what}`, { method: "POST" }));
      } catch (error) {
        failed(error);
      }
      card.busy(false);
    });
  }
  // One after the other: a long history must not become a burst of requests.
  conversation.addEventListener("job:wanted", ({ detail: id }) => {
    turn = turn.then(async () => {
      const job = await call(`/api/v1/jobs/${id}`).catch(() => null);
      if (job) conversation.job(job);
      work.refresh();
    });
  });

  empty.addEventListener("click", async (event) => {
    const starter = event.target.closest("[data-fill], [data-send], [data-sample]");
    if (starter?.dataset.fill) composer.fill(starter.dataset.fill);
    if (starter?.dataset.send) outbox.add(starter.dataset.send);
    if (starter?.dataset.sample === undefined) return;
    composer.fill(SAMPLE_COMMAND);
    composer.tray.take([(await import("../../sending/sample.js")).sample()]);
  });
}
