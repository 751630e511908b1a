/** Whoever signs out leaves no drafts and unsent messages to the next person; the theme may stay. */
(() => {
  const ENDS = ["/logout", "/account/sign-out-everywhere"];
  const STAYS = "cb.theme";

  function forget() {
    try {
      Object.keys(localStorage).filter((name) => name !== STAYS).forEach((name) => localStorage.removeItem(name));
      sessionStorage.clear();
    } catch { /* nothing was kept either */ }
  }

  document.addEventListener("submit", ({ target }) => {
    if (!ENDS.includes(new URL(target.action).pathname)) return;
    // When the page goes: on its way out the composer keeps its draft once more.
    window.addEventListener("pagehide", forget, { once: true });
  });
})();
