/** The only place that makes nodes from markup: templates of the page, and HTML that the server
 *  has already sanitised. Everything else goes through textContent. */

export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

export function clone(id) {
  const template = document.getElementById(id);
  return document.importNode(template.content, true).firstElementChild;
}

export function make(tag, { className, text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function sanitised(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  for (const node of [...parsed.body.childNodes]) fragment.append(document.importNode(node, true));
  return fragment;
}

export function data(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

let sprite = "";
export const useSprite = (url) => { sprite = url; };
export const glyph = (use, name) => use.setAttribute("href", `${sprite}#${name}`);

const SHOWN = 10_000;
let shownUntil = 0;

/** Says something to screen readers; the same sentence twice is said twice. What no place of the
 *  page says is `shown` to everybody, for a while. */
export function announce(text, { urgent = false, shown = false } = {}) {
  const region = document.getElementById(urgent ? "alert" : "status");
  if (urgent) {
    region.className = shown ? "said-aloud" : "visually-hidden";
    clearTimeout(shownUntil);
    if (shown) shownUntil = setTimeout(() => { region.className = "visually-hidden"; }, SHOWN);
  }
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}
