/** <chat-answer>: what the other side says, with its cards, suggestions and warnings. */
import { clone, make, part, sanitised } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { clock, dayKey, whole } from "../lib/time.js";
import { t } from "../lib/words.js";
import { FileResult } from "./file-result.js";

const MANY = 6;

export class ChatAnswer extends Element {
  static from(item, agent) {
    const answer = clone("t-answer");
    answer.show(item, agent);
    return answer;
  }

  start() {
    this.listen(this, "click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.suggest) this.tell(`suggestion:${button.dataset.act}`, button.dataset.suggest);
      if (["copy", "plain", "share"].includes(button?.dataset.part)) this.#take(button).catch(() => {});
      if (button?.dataset.part === "quote") this.tell("message:quote", this.item.response || this.part("prose").innerText);
    });
  }

  show(item, agent) {
    this.item = item;
    Object.assign(this.dataset, { key: `r:${item.id}`, kind: item.kind, day: dayKey(item.timestamp) });
    const person = item.metadata?.author === "operator";
    this.part("letter").textContent = person ? t("answer.operator")[0] : agent.letter;
    this.part("letter").classList.toggle("sky", !agent.built_in && !person);
    this.part("letter").classList.toggle("amber", person);
    this.part("who").textContent = person ? t("answer.operator") : agent.name;
    const time = this.part("time");
    time.dateTime = item.timestamp;
    time.textContent = clock(item.timestamp);
    time.title = whole(item.timestamp);
    this.part("broken").hidden = !item.incomplete;
    this.#prose(item);
    if (item.kind === "tool") import("../sharing/tool.js").then(({ tool }) => this.part("prose").replaceChildren(tool(item)));
    this.#warnings(item.metadata?.warnings ?? []);
    this.#suggestions(item.buttons ?? []);
    const shown = item.preview?.file ?? item.attachments?.[0]?.name;
    const files = (item.attachments ?? []).map((file) => FileResult.from(file, file.name === shown ? item.preview : null));
    if (item.preview && !shown) files.push(FileResult.from({ name: t("result.preview") }, item.preview));
    this.part("cards").replaceChildren(...files);
  }

  #prose(item) {
    const prose = this.part("prose");
    prose.replaceChildren(sanitised(item.html ?? ""));
    // Never an empty bubble: what cleaning took away as a whole is shown as it was written.
    if (!prose.textContent.trim()) prose.textContent = item.response ?? "";
    for (const table of prose.querySelectorAll("table")) {
      const wide = make("div", { className: "wide", tabindex: "0", role: "region", "aria-label": t("answer.table") });
      table.replaceWith(wide);
      wide.append(table);
    }
    for (const block of prose.querySelectorAll("pre")) {
      const frame = clone("t-code");
      const language = /language-([\w+-]+)/.exec(block.firstElementChild?.className ?? "");
      part(frame, "language").textContent = language?.[1] ?? t("answer.text");
      block.tabIndex = 0;
      block.replaceWith(frame);
      frame.append(block);
    }
  }

  #warnings(warnings) {
    const list = this.part("warnings");
    list.hidden = !warnings.length;
    list.replaceChildren(...warnings.map((text) => make("li", { text })));
  }

  #suggestions(buttons) {
    const row = this.part("buttons");
    row.hidden = !buttons.length;
    row.dataset.many = buttons.length > MANY;
    row.replaceChildren(...buttons.map((button, place) => {
      const main = button.action === "send" && place === 0 && buttons.length <= 3;
      const shown = make("button", {
        className: `btn btn-sm ${main ? "btn-leaf px-3" : "btn-line"}`, text: button.label, type: "button",
        title: button.text, "data-suggest": button.text, "data-act": button.action,
      });
      return shown;
    }));
  }

  async #take(button) {
    const plain = button.dataset.part === "plain";
    const block = button.closest(".code")?.querySelector("pre");
    const sharing = await import("../sharing/sharing.js");
    const text = plain ? this.part("prose").innerText : this.item.response ?? "";
    await sharing[plain ? "copy" : button.dataset.part](button, block ? block.textContent : text);
  }
}

customElements.define("chat-answer", ChatAnswer);
