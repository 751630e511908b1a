"""What the cells of each column are like."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values
from chat_bridge.workflow.markdown import table
from chat_bridge.workflow.operations.look.findings import types
from chat_bridge.workflow.tables.frames import Look

if TYPE_CHECKING:
    import polars as pl

MOST_FREQUENT = 3
_KEYS = ("name", "type", "filled", "blank", "distinct", "min", "max", "mean", "most_frequent")
_HEADS = (
    "Column", "Type", "Filled", "Blank", "Distinct", "Smallest", "Largest", "Mean", "Most frequent",
)  # fmt: skip


def described(frame: "pl.LazyFrame", names: Sequence[str]) -> Look:
    kinds = types(frame.select(map(values.column, names)))
    text = values.as_text(frame.select(map(values.column, names)))
    found = [_column(text, name, kinds[name]) for name in names]
    shown = [[_shown(column[key]) for key in _KEYS] for column in found]
    return Look({"profile": found}, "\n".join(table(_HEADS, shown)))


def _column(text: "pl.LazyFrame", name: str, kind: str) -> dict[str, Any]:
    """One column at a time: their distinct values are never in memory together."""
    import polars as pl

    cell = values.column(name)
    length = cell.str.len_chars().cast(pl.Int64)
    told = text.select(
        pl.len().alias("rows"),
        cell.count().alias("filled"),
        cell.drop_nulls().n_unique().alias("distinct"),
        length.min().alias("min_length"),
        length.max().alias("max_length"),
        **_spread(cell, kind),
    )
    found = told.collect(engine="streaming").row(0, named=True)
    rows = found.pop("rows")
    return {
        "name": name,
        "type": kind,
        "rows": rows,
        **found,
        "blank": rows - found["filled"],
        "blank_share": round((rows - found["filled"]) / rows, 4) if rows else 0.0,
        "unique": found["distinct"] == found["filled"],
        "most_frequent": _frequent(text, cell),
    }


def _spread(cell: "pl.Expr", kind: str) -> dict[str, "pl.Expr"]:
    """Smallest and largest: numbers by size, dates by time, all else by letters."""
    import polars as pl

    nothing = pl.lit(None, dtype=pl.Float64)
    if kind == "number":
        number = values.number(cell)
        dtype = pl.Float64()
        return {
            "min": values.text_of(number.min(), dtype), "max": values.text_of(number.max(), dtype),
            "mean": number.mean(), "median": number.median(), "std": number.std(),
        }  # fmt: skip
    low, high = cell.min(), cell.max()
    if kind == "date":
        moment = values.moment(cell)
        low, high = _day(moment.min()), _day(moment.max())
    return {"min": low, "max": high, "mean": nothing, "median": nothing, "std": nothing}


def _day(moment: "pl.Expr") -> "pl.Expr":
    return moment.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")


def _frequent(text: "pl.LazyFrame", cell: "pl.Expr") -> list[dict[str, Any]]:
    """Of those that are as frequent the first by letters."""
    import polars as pl

    counted = (
        text.select(cell.alias("value"))
        .drop_nulls()
        .group_by("value")
        .agg(pl.len().alias("count"))
        .top_k(MOST_FREQUENT, by=["count", "value"], reverse=[False, True])
        .collect(engine="streaming")
        .sort(["count", "value"], descending=[True, False])
    )
    return list(counted.iter_rows(named=True))


def _shown(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(f"{one['value']} ({one['count']:,})" for one in value)
    return value
