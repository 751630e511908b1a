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
    columns = [resolve_one(rule["column_name"], schema.names()) for rule in rules]
    cleaned = list(dict.fromkeys(columns))
    fresh = _cleaned(frame, rules, columns)
    after = fresh.collect_schema()
    old = {name: values.text(name, schema[name]) for name in cleaned}
    new = {name: values.text(_NEW + name, after[_NEW + name]) for name in cleaned}
    altered = [old[name].ne_missing(new[name]) for name in cleaned]
    kinds = [KINDS[rule["normalization_type"]] for rule in rules]
    lost = {name: kind.loses for name, kind in zip(columns, kinds, strict=True) if kind.loses}
    counted = fresh.with_columns(
        pl.sum_horizontal(cell.cast(pl.UInt32) for cell in altered).alias(CHANGED),
        *(
            (old[name].is_not_null() & new[name].is_null()).alias(f"{UNREAD}{what}:{name}")
            for name, what in lost.items()
        ),
        *_backups(rules, columns, old, schema.names()),
    )
    replaced = counted.with_columns(pl.col(_NEW + name).alias(name) for name in cleaned)
    return replaced.drop(_NEW + name for name in cleaned)


def _cleaned(
    frame: "pl.LazyFrame", rules: Sequence[Mapping[str, Any]], columns: Sequence[str]
) -> "pl.LazyFrame":
    """Wave by wave, the first rule of each column, then the second: an expression names the cell
    it reads several times, so rules inside one another would double with each."""
    import polars as pl

    types: dict[str, pl.DataType] = dict(frame.collect_schema())
    for at, wave in enumerate(_waves(rules, columns)):
        made = []
        for name, rule in wave.items():
            before = pl.col(_NEW + name) if at else values.column(name)
            cell, types[name] = _expression(rule, before, types[name])
            made.append(cell.alias(_NEW + name))
        frame = frame.with_columns(made)
    return frame


def _waves(
    rules: Sequence[Mapping[str, Any]], columns: Sequence[str]
) -> list[dict[str, Mapping[str, Any]]]:
    waves: list[dict[str, Mapping[str, Any]]] = []
    for name, rule in zip(columns, rules, strict=True):
        free = next((wave for wave in waves if name not in wave), None)
        if free is None:
            waves.append(free := {})
        free[name] = rule
    return waves


def _expression(
    rule: Mapping[str, Any], before: "pl.Expr", dtype: "pl.DataType"
) -> "tuple[pl.Expr, pl.DataType]":
    import polars as pl

    kind, told = rule["normalization_type"], rule["parameters"]
    typed = numeric_cleaner(kind, told) if dtype.is_numeric() else None
    if typed:
        return typed(before.cast(pl.Float64), told), pl.Float64()
    clean, made = cleaner(kind)
    return clean(values.text_of(before, dtype), told), made


def _backups(
    rules: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
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
