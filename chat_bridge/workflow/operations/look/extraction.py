"""The values of columns, with statistics."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values
from chat_bridge.workflow.markdown import table
from chat_bridge.workflow.operations.look.findings import height, types
from chat_bridge.workflow.registry import Arguments
from chat_bridge.workflow.tables.frames import Look

if TYPE_CHECKING:
    import polars as pl

SAMPLE_VALUES = 5


def extracted(frame: "pl.LazyFrame", arguments: Arguments, *, most: int | None = None) -> Look:
    """`most` values of a column at most, else all; the statistics are of all either way."""
    names = arguments["columns"]
    rows = height(frame)
    kinds = types(frame.select(map(values.column, names)))
    columns = {name: _column(frame, name, arguments, kinds[name], most=most) for name in names}
    told: dict[str, Any] = {
        "extraction_info": {
            "total_rows": rows,
            "extracted_columns": names,
            "remove_duplicates": arguments["remove_duplicates"],
            "timestamp": datetime.now(UTC).isoformat(),
        },
        "columns": columns,
        "rows_extracted": rows,
        "total_rows": rows,
    }
    return Look(told, "\n".join(_shown(columns)))


def _column(
    frame: "pl.LazyFrame", name: str, arguments: Arguments, kind: str, *, most: int | None
) -> dict[str, Any]:
    import polars as pl

    cell = values.column(name)
    one = frame.select(cell)
    chosen = one.unique(maintain_order=True) if arguments["remove_duplicates"] else one
    kept = (
        (chosen if most is None else chosen.head(most))
        .collect(engine="streaming")
        .to_series()
        .alias("")
    )
    dtype = one.collect_schema()[name]
    data_type = kind if dtype == pl.String else str(dtype).lower()
    counted = height(chosen)
    told: dict[str, Any] = {
        "values": kept.to_list(),
        "value_count": counted,
        "count": counted,
        "data_type": data_type,
        "sample_values": kept.drop_nulls().head(SAMPLE_VALUES).to_list(),
    }
    if kept.len() < counted:
        told["truncated"] = True
    return told | (_statistics(one, name, kind) if arguments["include_statistics"] else {})


def _statistics(one: "pl.LazyFrame", name: str, kind: str) -> dict[str, Any]:
    import polars as pl

    dtype = one.collect_schema()[name]
    cell = values.column(name)
    number = (
        cell.cast(pl.Float64) if dtype.is_numeric() else values.number(values.text(name, dtype))
    )
    numeric = dtype.is_numeric() or kind == "number"
    spread = {
        "mean": number.mean(), "median": number.median(), "min": number.min(),
        "max": number.max(), "std": number.std(),
    }  # fmt: skip
    found = one.select(
        pl.len().alias("total_count"),
        cell.count().cast(pl.Int64).alias("non_null_count"),
        cell.null_count().cast(pl.Int64).alias("null_count"),
        cell.drop_nulls().n_unique().alias("unique_count"),
        **(spread if numeric else {}),
    ).collect(engine="streaming")
    told = found.row(0, named=True)
    statistics = {word: told.pop(word) for word in spread if word in told}
    return told | ({"statistics": statistics} if numeric else {})


def _shown(columns: dict[str, Any]) -> list[str]:
    heads = ["Column", "Type", "Values", "Distinct", "Mean", "First values"]
    rows = []
    for name, told in columns.items():
        mean = told.get("statistics", {}).get("mean")
        first = ", ".join(map(str, told["sample_values"]))
        average = None if mean is None else f"{mean:.6g}"
        rows.append(
            [name, told["data_type"], told["value_count"], told.get("unique_count"), average, first]
        )
    return table(heads, rows)
