/** <theme-menu>: light, dark, or as the system has it. */
import { Element } from "../lib/element.js";

export class ThemeMenu extends Element {
  start() {
    this.#mark(document.documentElement.dataset.theme);
    this.listen(this, "click", (event) => {
      const chosen = event.target.closest("[data-theme]")?.dataset.theme;
      if (!chosen) return;
      try { localStorage.setItem("cb.theme", chosen); } catch { /* then for this page only */ }
      dispatchEvent(new CustomEvent("cb:theme", { detail: chosen }));
      this.#mark(chosen);
    });
  }

  #mark(chosen) {
    for (const button of this.querySelectorAll("[data-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === chosen));
    }
  }
}

customElements.define("theme-menu", ThemeMenu);
