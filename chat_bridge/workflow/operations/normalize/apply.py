"""Rules applied: one expression a column, with what was altered and what was lost counted."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values
from chat_bridge.workflow.columns import resolve_one
from chat_bridge.workflow.operations.normalize.cleaners import cleaner, numeric_cleaner
from chat_bridge.workflow.operations.normalize.kinds import KINDS
from chat_bridge.workflow.tally import CHANGED, UNREAD

if TYPE_CHECKING:
    import polars as pl

_NEW = "\x00new:"


def normalized(frame: "pl.LazyFrame", rules: Sequence[Mapping[str, Any]]) -> "pl.LazyFrame":
    """Rules apply in order; a column's rules become one expression over its original text."""
    import polars as pl

    if not rules:
        return frame
    schema = frame.collect_schema()
    cleaned, kinds, lost = _expressions(rules, schema)
    fresh = frame.with_columns(cell.alias(_NEW + name) for name, cell in cleaned.items())
    after = fresh.collect_schema()
    old = {name: values.text(name, schema[name]) for name in cleaned}
    new = {name: values.text(_NEW + name, after[_NEW + name]) for name in cleaned}
    altered = [old[name].ne_missing(new[name]) for name in cleaned]
    counted = fresh.with_columns(
        pl.sum_horizontal(cell.cast(pl.UInt32) for cell in altered).alias(CHANGED),
        *(
            (old[name].is_not_null() & new[name].is_null()).alias(f"{UNREAD}{what}:{name}")
            for name, what in lost.items()
        ),
        *_backups(rules, kinds, old, schema.names()),
    )
    replaced = counted.with_columns(pl.col(_NEW + name).alias(name) for name in cleaned)
    return replaced.drop(_NEW + name for name in cleaned)


def _expressions(
    rules: Sequence[Mapping[str, Any]], schema: "pl.Schema"
) -> tuple[dict[str, "pl.Expr"], dict[int, str], dict[str, str]]:
    """Expressions by column, the column of each rule, and what a column's cells may fail to be."""
    import polars as pl

    cells: dict[str, pl.Expr] = {}
    types: dict[str, pl.DataType] = dict(schema)
    columns: dict[int, str] = {}
    lost: dict[str, str] = {}
    for index, rule in enumerate(rules):
        name = resolve_one(rule["column_name"], schema.names())
        kind = KINDS[rule["normalization_type"]]
        before, told = cells.get(name, values.column(name)), rule["parameters"]
        typed = numeric_cleaner(kind.name, told) if types[name].is_numeric() else None
        if typed:
            cells[name] = typed(before.cast(pl.Float64), told)
            types[name] = pl.Float64()
        else:
            clean, dtype = cleaner(kind.name)
            cells[name] = clean(values.text_of(before, types[name]), told)
            types[name] = dtype
        columns[index] = name
        if kind.loses:
            lost[name] = kind.loses
    return cells, columns, lost


def _backups(
    rules: Sequence[Mapping[str, Any]],
    columns: Mapping[int, str],
    old: Mapping[str, "pl.Expr"],
    taken: Sequence[str],
) -> list["pl.Expr"]:
    """Original values at the end of the table, once a column."""
    wanted = dict.fromkeys(
        columns[index] for index, rule in enumerate(rules) if rule["backup_original"]
    )
    used = set(taken)
    backups = []
    for name in wanted:
        spelling = f"{name}_original"
        while spelling in used:
            spelling += "_"
        used.add(spelling)
        backups.append(old[name].alias(spelling))
    return backups
