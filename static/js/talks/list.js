/** The list of conversations as the server has it now, and what a search finds in them. */
import { clone, make, part } from "../lib/dom.js";
import { call, page, query } from "../lib/http.js";
import { t } from "../lib/words.js";

/** Draws the list anew; the keyboard stays with the conversation it was at. */
export async function refresh(id = null) {
  const list = document.querySelector("session-filter [data-part=list]");
  const fresh = new DOMParser().parseFromString(await page(location.pathname + location.search), "text/html")
    .querySelector("session-filter [data-part=list]");
  if (!fresh) return;
  list.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  const row = id && list.querySelector(`[data-talk="${CSS.escape(id)}"]`);
  if (id) (row || document.querySelector("[data-action=new]")).focus();
  list.dispatchEvent(new CustomEvent("talks:fresh", { bubbles: true }));
}

/** Links to where the words were said. */
export async function search(words, place) {
  const { found } = await call(query("/api/v1/search", { q: words }));
  const said = found.filter((one) => one.excerpt);
  place.hidden = !said.length;
  place.replaceChildren(make("h2", { text: t("talk.found") }), ...said.map(({ session_id: id, title, excerpt }) => {
    const row = clone("t-talk");
    const link = row.querySelector(".talk");
    link.href = query("/", { session: id });
    link.removeAttribute("aria-current");
    link.classList.add("said-there");
    part(row, "title").replaceChildren(...marked(title ?? t("session.new"), words));
    link.append(make("span", { className: "tiny ink-2", dir: "auto" }, ...marked(excerpt, words)));
    row.querySelector(".talk-more").remove();
    return row;
  }));
}

/** The text in pieces, with the words marked. */
export function marked(text, words) {
  const pieces = [];
  const [low, wanted] = [text.toLowerCase(), words.toLowerCase()];
  let from = 0;
  for (let at; wanted && low.length === text.length && (at = low.indexOf(wanted, from)) >= 0; from = at + wanted.length) {
    pieces.push(text.slice(from, at), make("mark", { text: text.slice(at, at + wanted.length) }));
  }
  return [...pieces, text.slice(from)];
}
