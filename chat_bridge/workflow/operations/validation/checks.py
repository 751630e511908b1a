"""Rules as expressions that are true for a cell that breaks them; only `required` minds blanks."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values
from chat_bridge.workflow.columns import resolve, resolve_one
from chat_bridge.workflow.operations.validation.rules import told
from chat_bridge.workflow.patterns import tried

if TYPE_CHECKING:
    import polars as pl

_EMAIL = r"^[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}$"
_INTEGER = r"^\s*[+-]?\d+(?:\.0*)?\s*$"
_TRUTH = r"^(?i:true|false|yes|no|y|n|0|1)$"


def broken(rules: Sequence[Mapping[str, Any]], schema: "pl.Schema") -> list["pl.Expr"]:
    """One expression a rule, in their order; unknown columns are refused together."""
    resolve((rule["column"] for rule in rules), schema.names())
    names = [resolve_one(rule["column"], schema.names()) for rule in rules]
    return [
        CHECKS[rule["rule"]](values.text(name, schema[name]), rule["value"]).fill_null(False)
        for rule, name in zip(rules, names, strict=True)
    ]


def problems(rules: Sequence[Mapping[str, Any]], failing: Sequence["pl.Expr"]) -> "pl.Expr":
    """What is wrong with a row, in words; null where nothing is."""
    import polars as pl

    said = [
        pl.when(fails).then(pl.lit(f"{rule['column']} {told(rule)}"))
        for rule, fails in zip(rules, failing, strict=True)
    ]
    together = pl.concat_str(said, separator="; ", ignore_nulls=True)
    return pl.when(pl.any_horizontal(failing)).then(together)


def _type(cell: "pl.Expr", kind: str) -> "pl.Expr":
    if kind == "number":
        return cell.is_not_null() & values.number(cell).is_null()
    if kind == "date":
        return cell.is_not_null() & values.moment(cell).is_null()
    shape = {"integer": _INTEGER, "email": _EMAIL, "boolean": _TRUTH}[kind]
    return ~cell.str.contains(shape)


def _bounded(cell: "pl.Expr", low: Any, high: Any) -> "pl.Expr":
    """Outside of the bounds, or not to be compared with them."""
    import polars as pl

    dated = isinstance(low if low is not None else high, str)
    read = values.moment(cell) if dated else values.number(cell)
    ends = [values.moment_of(end) if isinstance(end, str) else end for end in (low, high)]
    fits = pl.lit(True)
    if ends[0] is not None:
        fits = fits & (read >= ends[0])
    if ends[1] is not None:
        fits = fits & (read <= ends[1])
    return cell.is_not_null() & ~fits.fill_null(False)


def _length(cell: "pl.Expr", low: int, high: int | None) -> "pl.Expr":
    length = cell.str.len_chars()
    return (length < low) if high is None else (length < low) | (length > high)


CHECKS: Mapping[str, Callable[["pl.Expr", Any], "pl.Expr"]] = {
    "required": lambda cell, _: cell.is_null() | (cell.str.strip_chars() == ""),
    "unique": lambda cell, _: cell.is_not_null() & cell.is_duplicated(),
    "type": _type,
    "min": lambda cell, low: _bounded(cell, low, None),
    "max": lambda cell, high: _bounded(cell, None, high),
    "range": lambda cell, ends: _bounded(cell, *ends),
    "pattern": lambda cell, shape: ~cell.str.contains(tried(shape)),
    "allowed": lambda cell, words: ~cell.is_in(words),
    "length": lambda cell, ends: _length(cell, *ends),
    "min_length": lambda cell, low: _length(cell, low, None),
    "max_length": lambda cell, high: _length(cell, 0, high),
}
