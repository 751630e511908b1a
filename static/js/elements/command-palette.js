/** <command-palette>: the listbox over the message box, and the hints for a command's arguments. */
import { announce, make } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { count, t } from "../lib/words.js";
import { commandAt } from "../models/commands.js";

export class CommandPalette extends Element {
  #chosen = 0;
  #found = [];
  #dismissed = null;

  setUp({ operations, box }) {
    this.operations = operations;
    this.box = box;
    this.listen(box, "input", () => this.refresh());
    this.listen(box, "click", () => this.refresh());
    this.listen(box, "blur", () => setTimeout(() => document.activeElement === box || this.close(), 150));
    this.listen(this, "pointerdown", (event) => event.preventDefault());
    this.listen(this, "click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take(this.#found[Number(option.dataset.at)]);
      const argument = event.target.closest("[data-argument]")?.dataset.argument;
      if (argument) this.#insert(argument);
    });
  }

  get open() { return !this.part("options").hidden; }

  async refresh() {
    const command = commandAt(this.box.value, this.box.selectionStart);
    if (command?.typing !== "name") this.close();
    try {
      if (command?.typing === "name") await this.#list(command);
      await this.#hint(command);
    } catch (error) {
      announce(t("palette.error", { reason: error.message }));
    }
  }

  /** True when the key was for the palette. */
  key(event) {
    if (!this.open) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
    if (event.key in moves) this.#choose(this.#chosen + moves[event.key]);
    else if (event.key === "Home" || event.key === "End") this.#choose(event.key === "Home" ? 0 : this.#found.length - 1);
    else if (event.key === "Escape") { this.#dismissed = this.box.value; this.close(); }
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
      if (!this.#found.length) return false;
      if (event.key === "Enter" && this.#complete()) { this.close(); return false; }
      this.#take(this.#found[this.#chosen]);
    } else return false;
    return true;
  }

  /** Nothing to add: Enter sends it. */
  #complete() {
    const chosen = this.#found[this.#chosen];
    const typed = commandAt(this.box.value, this.box.selectionStart)?.name;
    return chosen.command === typed && !chosen.arguments.some((one) => one.required);
  }

  close() {
    this.part("options").hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  async #list(command) {
    if (this.#dismissed === this.box.value) return;
    this.#dismissed = null;
    const typed = this.box.value;
    const found = await this.operations.search(command.name.toLowerCase());
    if (this.box.value !== typed) return;
    this.#found = found;
    this.part("options").replaceChildren(...this.#found.map((one, at) => option(one, at)));
    this.part("options").hidden = !this.#found.length;
    this.box.setAttribute("aria-expanded", String(Boolean(this.#found.length)));
    this.#choose(0);
    announce(this.#found.length ? count("palette.found", this.#found.length) : t("palette.none"));
  }

  #choose(at) {
    const options = [...this.part("options").children];
    if (!options.length) return;
    this.#chosen = (at + options.length) % options.length;
    options.forEach((one, place) => one.setAttribute("aria-selected", String(place === this.#chosen)));
    options[this.#chosen].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", options[this.#chosen].id);
  }

  #take(operation) {
    const { from, to } = commandAt(this.box.value, this.box.selectionStart);
    this.operations.used(operation.command);
    const slash = this.box.value.slice(0, from).includes("|") ? "" : "/";
    const gap = operation.arguments.length ? " " : "";
    this.box.setRangeText(`${slash}${operation.command}${gap}`, from, to, "end");
    this.close();
    this.box.focus();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #insert(text) {
    const { value, selectionStart: at } = this.box;
    const gap = at && !/\s$/.test(value.slice(0, at)) ? " " : "";
    this.box.setRangeText(`${gap}${text}=`, at, at, "end");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.box.focus();
  }

  async #hint(command) {
    const typed = this.box.value;
    const named = command?.typing === "arguments" ? await this.operations.named(command.name) : null;
    if (this.box.value !== typed) return;
    const hint = this.part("hint");
    hint.hidden = !named?.arguments.length;
    if (hint.hidden) return hint.replaceChildren();
    const now = named.arguments.find((one) => one.name === command.argument || one.aliases.includes(command.argument));
    const what = now ? [now.help, now.choices?.length ? now.choices.join(", ") : ""].filter(Boolean).join(" ")
      : `${t("palette.example")}: ${named.examples[0]}`;
    hint.replaceChildren(...named.arguments.map((one) => make("button", {
      className: `argument ${one.required ? "needed" : ""} ${one === now ? "now" : ""}`,
      type: "button", text: `${one.name}=`, "data-argument": one.name, title: one.help, tabindex: "-1",
    })), make("span", { className: "what", text: what }));
  }
}

function option(operation, at) {
  return make("div", { className: "palette-option", role: "option", id: `option-${at}`, "data-at": at, "aria-selected": "false" },
    make("code", { text: `/${operation.command}` }),
    make("span", { className: "about", text: operation.summary }),
    make("span", { className: "example", text: operation.examples[0] ?? "" }));
}

customElements.define("command-palette", CommandPalette);
