"""What a file holds, what a column is like, and how it can be searched."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values
from chat_bridge.workflow.markdown import table
from chat_bridge.workflow.tables.frames import About, Look
from chat_bridge.workflow.tables.previews import typed

if TYPE_CHECKING:
    import polars as pl

SAMPLE_ROWS = 2_000
NUMERIC = (
    "equals", "not_equals", "greater_than", "greater_than_or_equal", "less_than",
    "less_than_or_equal", "between",
)  # fmt: skip
DATED = ("equals", "before", "after", "between")
TRUTH = ("equals", "not_equals")
TEXTUAL = (
    "equals", "not_equals", "contains", "not_contains", "starts_with", "ends_with", "is_empty",
    "is_not_empty",
)  # fmt: skip
BY_TYPE = (
    (("int", "float", "number", "numeric"), NUMERIC),
    (("date", "time", "datetime"), DATED),
    (("bool",), TRUTH),
)


def operators_for(kind: str) -> list[str]:
    """By the name of a type, ours or that of a table library."""
    word = kind.lower()
    fitting = (list(names) for parts, names in BY_TYPE if any(part in word for part in parts))
    return next(fitting, list(TEXTUAL))


def types(frame: "pl.LazyFrame") -> dict[str, str]:
    sample = values.as_text(frame.head(SAMPLE_ROWS)).collect()
    return {column["name"]: column["type"] for column in typed(sample)}


def summarised(frame: "pl.LazyFrame", about: About) -> Look:
    rows = height(frame)
    kinds = types(frame)
    facts: dict[str, Any] = {
        "file_name": about.name,
        "sheets": list(about.sheets),
        "rows": rows,
        "columns": len(kinds),
        "column_names": list(kinds),
        "data_types": kinds,
        **about.dialect,
    }
    lines = [f"**{about.name}**: {rows:,} rows, {len(kinds):,} columns"]
    if about.sheets:
        lines[0] += f", sheets: {', '.join(about.sheets)}"
    if "delimiter" in about.dialect:
        lines[0] += f", {about.dialect['encoding']}, separated by {about.dialect['delimiter']!r}"
    shown = [[name, kind] for name, kind in kinds.items()]
    return Look(facts, "\n".join([f"{lines[0]}.", "", *table(["Column", "Type"], shown)]))


def operators(frame: "pl.LazyFrame", names: Sequence[str]) -> Look:
    kinds = types(frame.select(map(values.column, names)))
    facts = {name: {"type": kind, "operators": operators_for(kind)} for name, kind in kinds.items()}
    shown = [[n, kind, ", ".join(operators_for(kind))] for n, kind in kinds.items()]
    return Look({"operators": facts}, "\n".join(table(["Column", "Type", "Operators"], shown)))


def height(frame: "pl.LazyFrame") -> int:
    import polars as pl

    return int(frame.select(pl.len()).collect(engine="streaming").item())
