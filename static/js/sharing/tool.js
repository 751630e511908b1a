/** What a tool said, as it said it; loaded when one does. */
import { make } from "../lib/dom.js";
import { t } from "../lib/words.js";

export function tool({ metadata, response }) {
  const name = make("span", { className: "chip", text: `⚙ ${metadata?.tool ?? metadata?.name ?? t("answer.tool")}`, dir: "auto" });
  const copy = make("button", { className: "link ms-auto", text: t("answer.all"), type: "button", "data-part": "copy" });
  return make("div", { className: "code tool" },
    make("div", { className: "code-head tiny ink-2" }, name, copy),
    make("pre", { text: response ?? "", tabindex: "0", dir: "auto" }));
}
