"""Cells of a workbook that begin like a formula: text, or live where that was asked for."""

import re
from typing import TYPE_CHECKING

from chat_bridge.workflow.tables.safety import Changes

if TYPE_CHECKING:
    import polars as pl

BEGIN, END = "\x19", "\x18"  # no cell can contain them any more; they become markup
LONGEST = 8_192  # Excel's limit

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BEGINS = re.compile(r"[\w\"'({$#.\[\-+@]")
_OPEN_END = re.compile(r"[-+*/^&=<>,;(\[{:!]$")
_NESTED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")


def settled(batch: "pl.DataFrame", changes: Changes, *, keep: bool) -> "pl.DataFrame":
    """The same cells with formulas marked, if they are kept; counted in any case."""
    import polars as pl

    found = batch.select(pl.all().str.starts_with("=").sum()).row(0)
    hit = [name for name, number in zip(batch.columns, found, strict=True) if number]
    if not keep or not hit:
        changes.as_text += sum(number or 0 for number in found)
        return batch
    return batch.with_columns(
        pl.Series(name, [cell and _marked(cell, changes) for cell in batch[name]], dtype=pl.String)
        for name in hit
    )


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program can read it; one that cannot makes a file it repairs."""
    bare = _QUOTED.sub("0", text[1:]).strip()
    if not text.startswith("=") or len(text) > LONGEST or not _BEGINS.match(bare):
        return False
    closed = bare
    while (inner := _NESTED.sub("0", closed)) != closed:
        closed = inner
    return not re.search(r"[\"'()\[\]{}\n\r\t]", closed) and not _OPEN_END.search(bare)


def _marked(cell: str, changes: Changes) -> str:
    if not cell.startswith("="):
        return cell
    if not is_formula(cell):
        changes.unfit += 1
        return cell
    changes.kept += 1
    return f"{BEGIN}{cell[1:]}{END}"
