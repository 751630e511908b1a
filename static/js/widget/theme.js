// Runs before the first paint: the theme that the page around the frame asks for.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (theme) => {
    root.dataset.theme = theme;
    root.dataset.bsTheme = theme === "light" || theme === "dark" ? theme : dark.matches ? "dark" : "light";
  };
  apply(root.dataset.theme);
  dark.addEventListener("change", () => apply(root.dataset.theme));
  addEventListener("cb:theme", (event) => apply(event.detail));
})();
