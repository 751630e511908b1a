// Runs before the first paint, so that a chosen theme never flashes. Loaded as a classic script.
(() => {
  const chosen = (() => { try { return localStorage.getItem("cb.theme"); } catch { return null; } })();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (theme) => {
    const name = theme === "light" || theme === "dark" ? theme : dark.matches ? "dark" : "light";
    document.documentElement.dataset.bsTheme = name;
  };
  apply(chosen);
  dark.addEventListener("change", () => apply(document.documentElement.dataset.theme));
  document.documentElement.dataset.theme = chosen || "auto";
  addEventListener("cb:theme", (event) => {
    document.documentElement.dataset.theme = event.detail;
    apply(event.detail);
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  document.cookie = `cb_zone=${zone};path=/;max-age=34560000;samesite=lax`;
})();
