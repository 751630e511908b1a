/** Pasted tables: seen as such, and turned into CSV. */
const LONG = 4_000;

export function tableIn(text) {
  const rows = rowsOf(text);
  const columns = rows.length > 1 ? Math.max(...rows.map((row) => row.length)) : 0;
  if (columns >= 2 && rows.every((row) => row.length > 1)) return { rows, columns };
  return text.length > LONG ? { rows: null, columns: 0 } : null;
}

export function csvFile(text, name) {
  const table = tableIn(text);
  const content = table?.rows ? table.rows.map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n" : text;
  return new File([content], name, { type: "text/csv" });
}

function quoted(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Tab separated, as spreadsheets copy it: a cell with a line break stands in quotes. */
function rowsOf(text) {
  const rows = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  while (cells.lastIndex < text.length) {
    const match = cells.exec(text);
    if (!match) return [];
    rows.at(-1).push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] !== "\t" && cells.lastIndex < text.length) rows.push([]);
    if (match[0] === "") break;
  }
  return rows;
}
