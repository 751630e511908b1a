"""A plan tried on the first rows: what it would make is shown and nothing is kept."""

from dataclasses import replace
from typing import Any

from chat_bridge.model import Output, RunResult
from chat_bridge.workflow.tables.frames import Table

ROWS = 1_000
_TEXT = frozenset({"json", "sql", "txt"})
_LONGEST = 2_000


def beginning(table: Table) -> Table:
    """The first rows of it."""
    return replace(table, frame=table.frame.head(ROWS), rows=min(table.rows or 0, ROWS))


def previewed(result: RunResult, total: int | None) -> RunResult:
    """The same without its files."""
    tried = result.data["total_rows"]
    of = f" of {total:,}" if total != tried else ""
    rows = "row" if (total or tried) == 1 else "rows"
    said = [f"Preview of the first {tried:,}{of} {rows}; nothing was stored.", result.summary]
    data: dict[str, Any] = {**result.data, "previewed_rows": tried, "rows_of_the_file": total}
    for output in result.outputs:
        kind = output.path.suffix.removeprefix(".")
        if kind in _TEXT:
            data["preview_text"] = text = _excerpt(output)
            fence = "````" if "```" in text else "```"
            said.append(f"{fence}{kind}\n{text.rstrip()}\n{fence}")
        else:
            data["preview"] = output.preview
        output.path.unlink()
    return replace(result, summary="\n\n".join(said), outputs=(), data=data)


def _excerpt(output: Output) -> str:
    with output.path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(_LONGEST + 1)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n…"
