/** The visitor's messages: from the box to the outbox, from there to the server, and back again. */
import { announce } from "../../lib/dom.js";
import { t } from "../../lib/words.js";

export function messages({ find, log, composer, banner, outbox, conversation, work }) {
  composer.addEventListener("composer:send", (event) => {
    if (outbox.full) {
      event.preventDefault();
      announce(t("error.full"), { urgent: true, shown: true });
    } else outbox.add(event.detail.text, event.detail.attachments);
  });
  composer.addEventListener("composer:last", () => conversation.lastText && composer.fill(conversation.lastText));

  outbox.addEventListener("added", ({ detail: entry }) => {
    conversation.local(entry);
    log.toEnd();
  });
  outbox.addEventListener("waiting", ({ detail: { entry, offline, limited } }) => {
    const message = log.find(`c:${entry.id}`);
    message?.show({ ...message.view, state: "waiting" });
    if (offline) banner.show({ name: "offline", retryAt: 0 });
    else if (limited) banner.show({ name: "limited", retryAt: limited });
  });
  outbox.addEventListener("changed", ({ detail: entry }) => {
    const message = log.find(`c:${entry.id}`);
    message?.show({ ...message.view, state: entry.state, error: entry.error, requestId: entry.requestId });
    if (entry.code === "invalid_message") refused(entry);
    else if (entry.error) announce(t("state.failed", { reason: entry.error }), { urgent: true });
  });
  outbox.addEventListener("sent", ({ detail: { entry, data } }) => {
    banner.settle("limited");
    if (data) conversation.stored(entry, data);
    work.refresh();
  });

  function refused(entry) {
    outbox.discard(entry.id);
    const message = log.find(`c:${entry.id}`);
    if (message) log.take(message);
    composer.giveBack(entry.text);
    composer.invalid(entry.error);
  }

  conversation.addEventListener("confirmed", ({ detail: id }) => outbox.confirm(id));

  log.addEventListener("message:retry", ({ detail: view }) => {
    if (view.id) outbox.add(view.text, view.attachments);
    else outbox.retry(view.clientId);
  });
  log.addEventListener("message:quote", ({ detail: text }) => composer.quote(text));
  log.addEventListener("message:discard", ({ detail: view }) => {
    outbox.discard(view.clientId);
    log.take(log.find(view.key));
    find("#message").focus();
  });
}
