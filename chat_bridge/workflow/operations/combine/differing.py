"""Rows that differ between two files, one line for each change."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

HERE, THERE = "\x00here", "\x00there"
TOLD = ("column", "before", "after")
_AT, _PLACE = "\x00at", "\x00place"


@dataclass(frozen=True)
class Pairs:
    """Columns of this table and of the other: the keys, and those compared."""

    keys: tuple[tuple[str, str], ...]
    compared: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def differences(pairs: Pairs) -> list["pl.Expr"]:
    """Per compared column whether its cells differ, in rows that both files have."""
    import polars as pl

    both = pl.col(HERE) & pl.col(THERE)
    return [
        (both & pl.col(f"\x00a{at}").ne_missing(pl.col(f"\x00b{at}"))).fill_null(False)
        for at in range(len(pairs.compared))
    ]


def spread(rows: "pl.LazyFrame", pairs: Pairs) -> "pl.LazyFrame":
    """Batch by batch: lists of changes in the plan took eight times as long where much differs."""
    import polars as pl

    keys = [_free(one) for one, _ in pairs.keys]
    schema = dict.fromkeys(("change", *keys, *TOLD), pl.String())
    return rows.map_batches(
        lambda batch: _spread(batch, pairs),
        schema=schema, validate_output_schema=False, streamable=True,
    )  # fmt: skip


def _spread(batch: "pl.DataFrame", pairs: Pairs) -> "pl.DataFrame":
    """An added or removed row is one line, any other one for each cell, in the columns' order."""
    import polars as pl

    rows = batch.with_row_index(_AT)
    parts = [
        _lines(rows.filter(pl.col(THERE).is_null()), pairs, "added", after=_row("a", pairs)),
        _lines(rows.filter(pl.col(HERE).is_null()), pairs, "removed", before=_row("b", pairs)),
    ]
    for place, ((one, _), differs) in enumerate(
        zip(pairs.compared, differences(pairs), strict=True)
    ):
        before, after = pl.col(f"\x00b{place}"), pl.col(f"\x00a{place}")
        lines = _lines(rows.filter(differs), pairs, "changed", before=before, after=after)
        parts.append(lines.with_columns(pl.lit(one).alias("column"), pl.lit(place).alias(_PLACE)))
    return pl.concat(parts).sort(_AT, _PLACE).drop(_AT, _PLACE)


def _lines(
    rows: "pl.DataFrame",
    pairs: Pairs,
    change: str,
    *,
    before: "pl.Expr | None" = None,
    after: "pl.Expr | None" = None,
) -> "pl.DataFrame":
    import polars as pl

    blank = pl.lit(None, dtype=pl.String)
    keys = [pl.col(f"\x00key{at}").alias(_free(one)) for at, (one, _) in enumerate(pairs.keys)]
    return rows.select(
        _AT,
        pl.lit(0).alias(_PLACE),
        pl.lit(change).alias("change"),
        *keys,
        blank.alias("column"),
        (blank if before is None else before).alias("before"),
        (blank if after is None else after).alias("after"),
    )


def _free(key: str) -> str:
    return f"key {key}" if key in ("change", "column", "before", "after") else key


def _row(side: str, pairs: Pairs) -> "pl.Expr":
    """All cells of a row that only one file has: `city: Berlin; amount: 5`."""
    import polars as pl

    cells = [
        pl.concat_str(pl.lit(f"{one}: "), pl.col(f"\x00{side}{at}"))
        for at, (one, _) in enumerate(pairs.compared)
    ]
    if not cells:
        return pl.lit(None, dtype=pl.String)
    return pl.concat_str(cells, separator="; ", ignore_nulls=True)
