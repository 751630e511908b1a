/** <file-result>: a file that was made: its first rows, its downloads, its way back in. */
import { clone, make, part } from "../lib/dom.js";
import { Element } from "../lib/element.js";
import { bytes, number } from "../lib/time.js";
import { call } from "../lib/http.js";
import { count, t } from "../lib/words.js";

const COLUMNS = 8;
const SHEETS = /\.(xlsx|xlsm|xls|ods|csv|tsv)$/i;
const NAMES = { xlsx: "Excel", xlsm: "Excel", xls: "Excel", ods: "ODS", csv: "CSV", tsv: "TSV", json: "JSON", sql: "SQL", txt: "Text" };

export class FileResult extends Element {
  static from(file, preview) {
    const result = clone("t-result");
    result.show(file, preview);
    return result;
  }

  start() {
    this.listen(this.part("reuse"), "click", () => this.tell("file:reuse", this.file));
    if (!this.#shown && this.file.preview_url && SHEETS.test(this.file.name)) this.#look();
  }

  #shown = false;

  show(file, preview) {
    this.file = file;
    this.part("name").textContent = file.name;
    this.part("downloads").hidden = !file.download_url;
    this.part("reuse").hidden = !SHEETS.test(file.name);
    if (file.rows !== null && file.rows !== undefined) this.part("scope").textContent = count("result.all", file.rows);
    if (file.download_url) this.part("downloads").prepend(download(file));
    if (preview?.rows?.length) this.#table(preview);
  }

  async #look() {
    const preview = await call(here(this.file.preview_url)).catch(() => null);
    if (preview?.rows?.length && preview.columns) this.#table(preview);
  }

  #table({ columns, rows, total_rows: total }) {
    this.#shown = true;
    const shown = columns.slice(0, COLUMNS);
    this.part("head").replaceChildren(...shown.map(({ name, type }) =>
      make("th", { scope: "col", className: type, text: name, dir: "auto" }, make("small", { text: type }))));
    this.part("rows").replaceChildren(...rows.map((row) => make("tr", {}, ...shown.map(({ type }, at) =>
      make("td", { className: type, text: row[at] ?? "", dir: "auto" })))));
    const caption = t("result.caption", { name: this.file.name });
    this.part("caption").textContent = caption;
    this.part("peek").setAttribute("aria-label", caption);
    this.part("peek").hidden = false;
    const all = total ?? this.file.rows ?? rows.length;
    const scope = rows.length < all
      ? t("result.scope", { n: number(rows.length), total: number(all) }) : count("result.all", all);
    const wide = columns.length > COLUMNS ? [t("result.columns", { n: COLUMNS, total: columns.length })] : [];
    this.part("scope").textContent = [scope, ...wide].join(" · ");
  }
}

/** Links may name another origin (the public URL): here the page's own is used. */
function here(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

function download(file) {
  const link = clone("t-download");
  const ending = file.name.split(".").pop().toLowerCase();
  link.href = here(file.download_url);
  link.download = file.name;
  link.classList.add("btn-leaf", "px-3");
  part(link, "label").textContent = NAMES[ending] ?? ending.toUpperCase();
  part(link, "size").textContent = bytes(file.size);
  link.setAttribute("aria-label", `${t("result.download", { name: file.name })}, ${bytes(file.size)}`);
  return link;
}

customElements.define("file-result", FileResult);
