/** What stands around the conversation: the list, the menus, the connection, the shortcuts. */
import { shortcuts } from "../../lib/keys.js";
import { forTab } from "../../lib/store.js";
import { t } from "../../lib/words.js";
import { rename } from "../../models/unread.js";

const TITLE = 60;
const moves = () => import("../../keyboard/moves.js");

export function frame({ find, log, composer, banner, session, outbox, feed, presence, load, failed }) {
  // A reload may overtake the new address: it is made up for here.
  const opened = forTab("opened");
  const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const before = opened.read();
  if (!session.id && reloaded && before?.from === location.href) location.replace(before.url);
  opened.write(null);

  session.addEventListener("opened", async ({ detail: { draftName } }) => {
    const url = `/?session=${encodeURIComponent(session.id)}`;
    const title = t("session.new");
    opened.write({ from: location.href, url });
    history.replaceState(null, "", url);
    composer.draft.move(draftName);
    find("session-filter").addCurrent(session.id, url, title);
    tools();
    await load();
  });

  // The server names it after its first message, so the page does too.
  let named = session.titled;
  outbox.addEventListener("sent", ({ detail: { entry } }) => {
    if (named) return;
    callIt(entry.text.slice(0, TITLE));
  });
  feed.addEventListener("event", ({ detail: { kind, data } }) => kind === "session.updated" && data.title && callIt(data.title));

  function callIt(title) {
    named = true;
    find("session-filter").renameCurrent(title);
    rename(`${title} · Chat Bridge`);
  }

  find("session-filter").addEventListener("talk:menu", async ({ detail: opener }) => {
    (await import("../../talks/menu.js")).open(opener, failed);
  });
  find("#erase").addEventListener("show.bs.modal", async ({ relatedTarget: opener }) => {
    (await import("../../talks/erase.js")).ask(session, opener?.dataset.talk ?? session.id);
  });

  function tools() {
    for (const link of document.querySelectorAll("[data-export]")) {
      if (session.id) link.href = session.exportUrl(link.dataset.export);
      else link.removeAttribute("href");
      link.classList.toggle("disabled", !session.id);
      link.setAttribute("aria-disabled", String(!session.id));
    }
    for (const button of document.querySelectorAll("[data-needs-session]")) button.disabled = !session.id;
  }

  presence.addEventListener("change", ({ detail: agents }) => {
    for (const { slug, status } of agents) {
      const pills = [find(`[data-state-of="${CSS.escape(slug)}"]`)];
      if (slug === session.agent.slug) pills.push(find("#agent-state"));
      for (const one of pills.filter(Boolean)) pill(one, status, status === "answering" ? "good" : "wait");
    }
  });

  const again = () => { feed.retry(); outbox.wake(); };
  document.addEventListener("connection:retry", again);
  addEventListener("online", again);
  addEventListener("focus", () => feed.retry());
  document.addEventListener("visibilitychange", () => document.hidden || feed.retry());
  addEventListener("offline", () => banner.show({ name: "offline", retryAt: 0 }));
  find(".agents").addEventListener("click", (event) => event.target.closest("[data-agent]") && (composer.draft.carry(), turn()));

  function turn() {
    pill(find("#agent-state"), "connecting", "info");
  }

  function pill(shown, status, look) {
    shown.textContent = t(`agent.${status}`);
    for (const one of ["good", "wait", "info"]) shown.classList.toggle(one, one === look);
  }

  feed.addEventListener("state", () => presence.ask());
  if (session.id) turn();

  shortcuts({
    commands: () => composer.commands(),
    fresh: () => find("[data-action=new]").click(),
    help: () => window.bootstrap.Modal.getOrCreateInstance("#help").show(),
    escape: () => (find("[aria-busy=true] [data-part=stop]")?.click(), find("#message").focus()),
    box: () => find("#message").focus(),
    step: async (by) => (await moves()).step(by),
    copy: async () => (await moves()).copyLast(log),
  });
  find("#help").addEventListener("show.bs.modal", async () => (await moves()).choice(find("#newline"), composer), { once: true });
  tools();
}
