/** What stands around the conversation: the list, the menus, the connection, the shortcuts. */
import { call } from "../../lib/http.js";
import { shortcuts } from "../../lib/keys.js";
import { t } from "../../lib/words.js";
import { rename } from "../../models/unread.js";

const TITLE = 60;

export function frame({ find, composer, banner, session, outbox, feed, presence, load }) {
  session.addEventListener("opened", async ({ detail: { draftName } }) => {
    const url = `/?session=${encodeURIComponent(session.id)}`;
    const title = t("session.new");
    history.replaceState(null, "", url);
    composer.moveDraft(draftName);
    find("session-filter").addCurrent(url, title);
    tools();
    await load();
  });

  // The server names it after its first message, so the page does too.
  let named = session.titled;
  outbox.addEventListener("sent", ({ detail: { entry } }) => {
    if (named) return;
    named = true;
    const title = entry.text.slice(0, TITLE);
    find("session-filter").renameCurrent(title);
    rename(`${title} · Chat Bridge`);
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
  find(".agents").addEventListener("click", (event) => event.target.closest("[data-agent]") && (composer.carry(), turn()));

  function turn() {
    pill(find("#agent-state"), "connecting", "info");
  }

  function pill(shown, status, look) {
    shown.textContent = t(`agent.${status}`);
    for (const one of ["good", "wait", "info"]) shown.classList.toggle(one, one === look);
  }

  feed.addEventListener("state", () => presence.ask());
  if (session.id) turn();

  find("#erase-now").addEventListener("click", async () => {
    try {
      await call(session.path, { method: "DELETE" });
      location.replace(`/?agent=${encodeURIComponent(session.agent.slug)}&new=1`);
    } catch (error) {
      find("#erase-error").textContent = t("error.action", { reason: error.message });
      find("#erase-error").hidden = false;
    }
  });

  shortcuts({
    commands: () => composer.commands(),
    fresh: () => find("[data-action=new]").click(),
    help: () => window.bootstrap.Modal.getOrCreateInstance("#help").show(),
    escape: () => find("#message").focus(),
  });
  tools();
}
