/** Markdown while it is being written: near enough to read along. The finished answer comes from
 *  the server, rendered and sanitised there. Text only ever becomes text nodes. */
import { make } from "../lib/dom.js";

const FENCE = /^\s*(```|~~~)\s*([\w+-]*)/;
const HEADING = /^(#{1,6})\s+(.*)/;
const ITEM = /^\s*(?:[-*+]|(\d{1,9})[.)])\s+(.*)/;
const QUOTE = /^\s*>\s?(.*)/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;
const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*([^\s*][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/s;

export function markdown(text) {
  const fragment = document.createDocumentFragment();
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) at = block(lines, at, fragment);
  return fragment;
}

function block(lines, at, into) {
  const line = lines[at];
  const fence = FENCE.exec(line);
  if (fence) return code(lines, at + 1, into, fence[1]);
  if (!line.trim()) return at + 1;
  const heading = HEADING.exec(line);
  if (heading) return put(into, make(`h${Math.max(3, heading[1].length)}`, {}, ...inline(heading[2])), at + 1);
  if (RULE.test(line)) return put(into, make("hr"), at + 1);
  if (ITEM.test(line)) return list(lines, at, into);
  if (QUOTE.test(line)) return quote(lines, at, into);
  return paragraph(lines, at, into);
}

function put(into, node, next) {
  into.append(node);
  return next;
}

function code(lines, from, into, mark) {
  let end = from;
  while (end < lines.length && !lines[end].trimStart().startsWith(mark)) end += 1;
  const text = lines.slice(from, end).join("\n");
  return put(into, make("pre", {}, make("code", { text })), end + 1);
}

function list(lines, at, into) {
  const ordered = Boolean(ITEM.exec(lines[at])[1]);
  const items = [];
  let next = at;
  for (; next < lines.length && lines[next].trim(); next += 1) {
    const item = ITEM.exec(lines[next]);
    if (item) items.push(item[2]);
    else items.push(`${items.pop()}\n${lines[next].trim()}`);
  }
  const nodes = items.map((item) => make("li", {}, ...inline(item)));
  return put(into, make(ordered ? "ol" : "ul", {}, ...nodes), next);
}

function quote(lines, at, into) {
  const said = [];
  let next = at;
  for (let found; next < lines.length && (found = QUOTE.exec(lines[next])); next += 1) said.push(found[1]);
  return put(into, make("blockquote", {}, markdown(said.join("\n"))), next);
}

function paragraph(lines, at, into) {
  let next = at + 1;
  while (next < lines.length && lines[next].trim() && ![FENCE, HEADING, ITEM, QUOTE].some((form) => form.test(lines[next]))) next += 1;
  return put(into, make("p", {}, ...inline(lines.slice(at, next).join("\n"))), next);
}

function inline(text) {
  const nodes = [];
  for (let rest = text; rest;) {
    const found = INLINE.exec(rest);
    if (!found) return [...nodes, rest];
    if (found.index) nodes.push(rest.slice(0, found.index));
    nodes.push(span(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return nodes;
}

function span([whole, , literal, strong, heavy, soft, label, href]) {
  if (literal) return make("code", { text: literal });
  if (strong || heavy) return make("strong", {}, ...inline(strong ?? heavy));
  if (soft) return make("em", {}, ...inline(soft));
  if (href) return make("a", { text: label, href, target: "_blank", rel: "noopener noreferrer nofollow" });
  return whole;
}
