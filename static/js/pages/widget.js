/** The chat inside another site's page: the same conversation, with a head of its own, and a host
 *  that is spoken to by postMessage. */
import "../elements/connection-banner.js";
import "../elements/chat-log.js";
import "../elements/chat-composer.js";
import "../elements/command-palette.js";
import "../elements/drop-zone.js";
import "../elements/paste-offer.js";
import "../elements/upload-tray.js";
import "../elements/working-note.js";
import { announce, data, part, useSprite } from "../lib/dom.js";
import { useToken } from "../lib/http.js";
import { randomId } from "../lib/store.js";
import { named, t } from "../lib/words.js";
import { Conversation } from "../models/conversation.js";
import { Feed } from "../models/feed.js";
import { Operations } from "../models/operations.js";
import { Outbox } from "../models/outbox.js";
import { Presence } from "../models/presence.js";
import { Session } from "../models/session.js";
import { Work } from "../models/work.js";
import { downloads } from "../widget/downloads.js";
import { Host } from "../widget/host.js";
import { Memory } from "../widget/memory.js";
import { Sound } from "../widget/sound.js";
import { cards } from "./chat/cards.js";
import { growing } from "./chat/growing.js";
import { messages } from "./chat/messages.js";

const RETRY = 3_000;
const boot = data("boot");
const memory = new Memory(boot.agent.slug);
const kept = memory.read() ?? {};
// Where the bridge's cookie does not come along (it is another site's frame), the secret is ours.
if (!boot.cookie) useToken(kept.token ??= randomId() + randomId());
useSprite(boot.icons_url);
const find = (selector) => document.querySelector(selector);
const log = find("chat-log");
const composer = find("chat-composer");
const banner = find("connection-banner");
const empty = part(log, "empty");
const session = new Session({ ...boot, session_id: kept.id ?? null });
const outbox = new Outbox(session);
const feed = new Feed();
const conversation = new Conversation(log, session.agent);
const presence = new Presence(session.agent);
const work = new Work({ conversation, presence, log, note: find("working-note"), away: part(log, "away") });
const host = new Host(boot.parents);
const sound = new Sound();
const failed = (error) => {
  announce(t("error.action", { reason: named(error) }), { urgent: true, shown: true });
  host.tell("error", { message: error.message });
};
const page = { find, log, composer, banner, empty, session, outbox, feed, conversation, presence, work, failed, load };

composer.setUp({
  session, operations: new Operations(boot.operations_url, session), accept: boot.accept,
  maxUpload: boot.max_upload_bytes, maxChars: boot.max_message_chars,
});
messages(page);
cards(page);
const grow = growing(page);
downloads(log, failed);

async function load({ again = false } = {}) {
  try {
    const history = await session.page({ again });
    if (again) conversation.clear();
    conversation.page(history.items);
    history.streams.forEach(grow);
    feed.follow(session.id, history.cursor);
  } catch (error) {
    if (error.status === 404 || error.status === 401) return forget();
    return setTimeout(() => load({ again }), RETRY);
  }
  restore();
  log.toEnd();
  work.refresh();
}

function restore() {
  for (const entry of outbox.entries) if (conversation.local(entry).view.id) outbox.confirm(entry.id);
  empty.hidden = log.items.length > 0;
  outbox.pump();
}

function forget() {
  memory.forget();
  location.reload();
}

session.addEventListener("opened", ({ detail: { draftName } }) => {
  memory.write({ ...kept, id: session.id });
  composer.draft.move(draftName);
  load();
});
log.addEventListener("log:top", () => session.id && session.more && log.older(async () => {
  conversation.page((await session.page()).items);
}).catch(failed));
feed.addEventListener("event", ({ detail: event }) => {
  if (event.kind === "typing") work.typing(event.data.seconds);
  else if (event.kind === "response.delta") grow(event.data).catch(failed);
  else if (event.kind === "session.updated" && event.data.attachment) composer.tray.profile(event.data.attachment);
  else conversation.apply(event);
  work.refresh();
});
feed.addEventListener("state", ({ detail }) => { banner.show(detail); outbox.wake(); });
feed.addEventListener("expired", () => load({ again: true }));
feed.addEventListener("gone", forget);
outbox.addEventListener("changed", ({ detail: { error } }) => error && host.tell("error", { message: error }));
outbox.addEventListener("added", ({ detail: entry }) => host.tell("message", { message: entry.text, type: "user" }));
conversation.addEventListener("shown", () => { empty.hidden = true; });
conversation.addEventListener("answered", ({ detail: item }) => {
  work.answered();
  host.tell("message", { message: item.response, type: "bot" });
  sound.play();
});
presence.addEventListener("change", () => {
  find("#agent-state").textContent = t(presence.answering ? "agent.answering" : "agent.away");
});
document.addEventListener("connection:retry", () => { feed.retry(); outbox.wake(); });
find("#close").addEventListener("click", () => host.tell("close"));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) host.tell("close");
});

host.hear({
  shown({ on }) {
    sound.seen = on;
    if (on) find("#message").focus();
  },
  send: ({ text }) => outbox.add(text.slice(0, boot.max_message_chars)),
  typing: () => work.typing(2),
  clear: forget,
  config({ theme, title, sound: on }) {
    sound.on = on;
    dispatchEvent(new CustomEvent("cb:theme", { detail: theme }));
    find("#title").textContent = title;
  },
});
if (session.id) load(); else restore();
host.tell("ready");
