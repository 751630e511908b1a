"""What people see of a table before they open it: guessed column types and the first rows. Small
whatever the file holds: it is stored in the database and travels with answers and events."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

Columns = tuple[Mapping[str, str], ...]

LONGEST_TEXT = 200
MOST_COLUMNS = 100
_SHARE = 0.95  # so many of the filled cells must agree
_NUMBER = r"^[+-]?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)?(?:[.,]\d+)?(?:[eE][+-]?\d+)?$"
_PATTERNS = (
    ("boolean", r"^(?i:true|false|yes|no)$"),
    ("number", _NUMBER),
    ("email", r"^[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}$"),
    ("date", r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"),
    ("date", r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$"),
)


def typed(sample: "pl.DataFrame") -> Columns:
    """`text number date email boolean blank`: a guess for people, nothing is converted by it."""
    import polars as pl

    filled = sample.select(pl.all().count()).row(0) if sample.width else ()
    agreeing = [
        sample.select(pl.all().str.contains(pattern).sum()).row(0) if sample.width else ()
        for _, pattern in _PATTERNS
    ]
    types = []
    for index, count in enumerate(filled):
        matches = (
            word
            for (word, _), hits in zip(_PATTERNS, agreeing, strict=True)
            if hits[index] >= _SHARE * count
        )
        types.append(next(matches, "text") if count else "blank")
    return tuple(
        {"name": _cut(name), "type": word} for name, word in zip(sample.columns, types, strict=True)
    )


def preview(rows: "pl.DataFrame", columns: Columns, total: int) -> Mapping[str, Any]:
    return {
        "columns": [dict(column) for column in columns[:MOST_COLUMNS]],
        "rows": [[_cut(cell or "") for cell in row[:MOST_COLUMNS]] for row in rows.iter_rows()],
        "total_rows": total,
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
