/** Words that were removed on the server leave the page, too. */
export function redact(conversation, { type, id, text }) {
  const { log, agent } = conversation;
  if (type === "response") {
    const answer = log.find(`r:${id}`);
    const metadata = { author: answer?.item.metadata?.author };
    answer?.show({ ...answer.item, response: text, html: "", preview: null, buttons: [], metadata }, agent);
    return;
  }
  const message = log.items.find((one) => one.view?.id === id);
  if (!message) return;
  message.show({ ...message.view, text });
  const { jobId } = message.view;
  if (jobId) conversation.dispatchEvent(new CustomEvent("job:wanted", { detail: jobId }));
}
