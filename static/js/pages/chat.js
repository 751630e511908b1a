/** The chat page: what it is made of, and who tells whom. */
import "../elements/connection-banner.js";
import "../elements/chat-log.js";
import "../elements/chat-composer.js";
import "../elements/command-palette.js";
import "../elements/drop-zone.js";
import "../elements/paste-offer.js";
import "../elements/session-filter.js";
import "../elements/theme-menu.js";
import "../elements/upload-tray.js";
import "../elements/working-note.js";
import { announce, data, part, useSprite } from "../lib/dom.js";
import { read as stored } from "../lib/store.js";
import { named, t } from "../lib/words.js";
import { Conversation } from "../models/conversation.js";
import { Feed } from "../models/feed.js";
import { Operations } from "../models/operations.js";
import { KEPT, Outbox } from "../models/outbox.js";
import { Presence } from "../models/presence.js";
import { Session } from "../models/session.js";
import { read, unread } from "../models/unread.js";
import { Work } from "../models/work.js";
import { cards } from "./chat/cards.js";
import { frame } from "./chat/frame.js";
import { growing } from "./chat/growing.js";
import { messages } from "./chat/messages.js";

const RETRY = 3_000;
const boot = data("boot");
useSprite(boot.icons_url);
const find = (selector) => document.querySelector(selector);
const log = find("chat-log");
const composer = find("chat-composer");
const banner = find("connection-banner");
const empty = part(log, "empty");
const session = new Session(boot);
const outbox = new Outbox(session);
const feed = new Feed();
const conversation = new Conversation(log, session.agent);
const presence = new Presence(session.agent);
const work = new Work({ conversation, presence, log, note: find("working-note"), away: part(log, "away") });
const failed = (error) => announce(t("error.action", { reason: named(error) }), { urgent: true, shown: true });
const page = { find, log, composer, banner, empty, session, outbox, feed, conversation, presence, work, failed, load, boot };

composer.setUp({
  session, operations: new Operations(boot.operations_url, session), accept: boot.accept,
  maxUpload: boot.max_upload_bytes, maxChars: boot.max_message_chars,
});
messages(page);
const expired = boot.guest || boot.signed_in
  ? (await import("../guests/sign-in.js")).signIn(page).expired : () => false;
cards(page);
frame(page);
const grow = growing(page);

async function load({ again = false } = {}) {
  try {
    const history = await session.page({ again });
    part(log, "loading")?.remove();
    if (again) conversation.clear();
    conversation.page(history.items);
    history.streams.forEach(grow);
    feed.follow(session.id, history.cursor);
  } catch (error) {
    if (error.status === 404 || error.status === 401) return gone(error);
    banner.show({ name: navigator.onLine ? "lost" : "offline", retryAt: Date.now() + RETRY });
    return setTimeout(() => load({ again }), RETRY);
  }
  if (log.querySelector(".chips > *")) session.files().then(({ files }) => files.forEach((file) => conversation.rows(file)), failed);
  restore();
  log.toEnd();
  work.refresh();
}

function restore() {
  for (const entry of outbox.entries) if (conversation.local(entry).view.id) outbox.confirm(entry.id);
  empty.hidden = log.items.length > 0;
  outbox.pump();
}

function gone(error) {
  if (expired(error)) return;
  announce(t("error.gone"), { urgent: true });
  location.replace("/");
}

log.addEventListener("log:top", () => session.id && session.more && log.older(async () => {
  conversation.page((await session.page()).items);
}).catch(failed));

feed.addEventListener("event", ({ detail: event }) => {
  if (event.kind === "typing") work.typing(event.data.seconds);
  else if (event.kind === "response.delta") grow(event.data).catch(failed);
  else if (event.kind === "session.updated" && event.data.attachment) {
    composer.tray.profile(event.data.attachment);
    conversation.rows(event.data.attachment);
  } else conversation.apply(event);
  work.refresh();
});
feed.addEventListener("state", ({ detail }) => {
  banner.show(detail);
  if (detail.name === "live" || detail.name === "polling") outbox.wake();
});
feed.addEventListener("expired", () => load({ again: true }));
feed.addEventListener("gone", ({ detail }) => gone(detail));

conversation.addEventListener("shown", ({ detail: element }) => {
  empty.hidden = true;
  if (element.localName === "chat-answer") unread(element, log);
});
outbox.addEventListener("added", read);
conversation.addEventListener("answered", ({ detail: item }) => {
  work.answered();
  if (item.kind === "error") announce(item.response, { urgent: true });
});

if (session.id) load(); else restore();
if (stored(KEPT, []).length > outbox.entries.length) import("../sending/orphans.js").then(({ deliver }) => deliver(outbox)).catch(() => {});
if (matchMedia("(hover: hover)").matches) find("#message").focus();
