"""What a run is called and how it is told: file name, summary, warnings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from chat_bridge.model import Plan, StepCount
from chat_bridge.workflow.fusing import Fused
from chat_bridge.workflow.registry import Operation
from chat_bridge.workflow.tables.safety import Changes
from chat_bridge.workflow.tally import Tally

LONGEST_BASE = 80
ROWS = ("row", "rows")

_UNSAFE = re.compile(r"[^\w.-]+")


def file_name(source: str, plan: Plan, operations: Sequence[Operation], kind: str) -> str:
    """`<base>_<suffix>.<kind>`, or the name the last step asks for; never a path."""
    asked = [step.arguments.get("output_filename") for step in plan.steps]
    wanted = next((name for name in reversed(asked) if name), None)
    if wanted is not None:
        return f"{_base(str(wanted))}.{kind}"
    changing = [o.suffix for o in operations if o.suffix not in ("", "converted")]
    suffix = changing[-1] if changing else "converted" if operations else "result"
    return f"{_base(source)}_{suffix}.{kind}"


def told(
    fused: Fused, counts: Sequence[StepCount], dialect: Mapping[str, Any] | None = None
) -> str:
    """What was seen, what became of the table, and how an unusual CSV was read."""
    parts = [look.text for look in fused.looks if look and look.text]
    if not fused.only_looks:
        noun = fused.text.noun if fused.text else ROWS
        pairs = zip(fused.operations, fused.tallies, strict=True)
        sums = [operation.counted(tally.facts) for operation, tally in pairs if tally]
        said = summary(fused.operations, counts, noun, sums)
        parts.append(" ".join(filter(None, (said, _read_as(dialect or {})))))
    return "\n\n".join(parts)


def _read_as(dialect: Mapping[str, Any]) -> str:
    """`Read as cp1252, separated by ';'.`; nothing for UTF-8 with commas."""
    encoding, delimiter = dialect.get("encoding", "utf-8"), dialect.get("delimiter", ",")
    if (encoding, delimiter) == ("utf-8", ","):
        return ""
    between = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}.get(delimiter)
    return f"Read as {encoding.upper()}, separated by {between or repr(delimiter)}."


def changes(fused: Fused, counts: Sequence[StepCount], cells: Changes) -> dict[str, Any]:
    """What a run changed, in numbers: rows in and out, removed, cells cleaned."""
    if fused.only_looks or not counts:
        return {}
    cleaned = [count.changed for count in counts if count.changed is not None]
    removed = sum(
        max(0, (count.rows_in or 0) - (count.rows_out or 0))
        for operation, count in zip(fused.operations, counts, strict=True)
        if operation.dropped
    )
    numbers = {
        "rows_in": counts[0].rows_in,
        "rows_out": counts[-1].rows_out,
        "rows_removed": removed,
    }
    if cleaned:
        numbers["cells_cleaned"] = sum(cleaned)
    formulas = {
        "formulas_neutralised": cells.neutralised + cells.as_text + cells.unfit,
        "formulas_kept": cells.kept,
    }
    return {"changes": numbers | {name: number for name, number in formulas.items() if number}}


def summary(
    operations: Sequence[Operation],
    counts: Sequence[StepCount],
    noun: tuple[str, str] = ROWS,
    sums: Sequence[str] = (),
) -> str:
    """`8,177 rows, 37 duplicates removed, 212 cells cleaned.`"""
    rows = (counts[-1].rows_out if counts else 0) or 0
    dropped: dict[tuple[str, str], int] = {}
    changed = None
    for operation, count in zip(operations, counts, strict=True):
        if operation.dropped:
            gone = (count.rows_in or 0) - (count.rows_out or 0)
            dropped[operation.dropped] = dropped.get(operation.dropped, 0) + gone
        if count.changed is not None:
            changed = (changed or 0) + count.changed
    parts = [_many(rows, noun)]
    parts += [_many(number, words) for words, number in dropped.items() if number]
    if changed is not None:
        parts.append(_many(changed, ("cell cleaned", "cells cleaned")))
    parts += filter(None, sums)
    if not rows:
        parts[0] = "The result has no rows" if any(dropped.values()) else "The table has no rows"
    return f"{', '.join(parts)}."


def warnings(tallies: Sequence[Tally | None]) -> tuple[str, ...]:
    """Cells whose meaning a rule could not find, by column."""
    sentences = []
    for tally in tallies:
        for what, number in (tally.unread if tally else {}).items():
            kind, _, column = what.partition(":")
            read = f"as {_article(kind)}" if number == 1 else f"as {kind}s"
            blank = "is" if number == 1 else "are"
            cells = _many(number, ("cell", "cells"))
            sentences.append(
                f"{cells} in '{column}' could not be read {read} and {blank} blank now."
            )
    return tuple(sentences)


def misunderstood(plan: Plan, kind: str, *, spreadsheet: bool) -> Iterator[str]:
    """What was asked for and could mean nothing; `spreadsheet` says whether one is made."""
    if plan.sheet is not None and kind == "csv":
        hint = "sheet_name= names the sheet of a result"
        yield f"A CSV file has no sheets, so sheet={plan.sheet} was ignored; {hint}."
    if plan.keep_formulas and not spreadsheet:
        yield "Only a workbook or a CSV can hold formulas, so formulas=keep was ignored."
    elif plan.keep_formulas and kind != "csv":
        yield "Formulas that the workbook itself holds were read as the values they had."


def _base(name: str) -> str:
    stem = PurePath(name.replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0] if "." in stem.lstrip(".") else stem
    return _UNSAFE.sub("_", stem).strip("._-")[:LONGEST_BASE] or "result"


def _many(number: int, words: tuple[str, str]) -> str:
    return f"{number:,} {words[number != 1]}"


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
