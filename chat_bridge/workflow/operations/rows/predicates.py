"""Conditions as polars expressions over text cells; a blank is never an error."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from chat_bridge.errors import BadArgument
from chat_bridge.workflow import values
from chat_bridge.workflow.columns import resolve_one
from chat_bridge.workflow.registry import Arguments

if TYPE_CHECKING:
    import polars as pl


def matching(arguments: Arguments, schema: "pl.Schema") -> "pl.Expr":
    """True for the rows to keep; raises for unknown columns and values an operator cannot use."""
    return _together(arguments, schema, day_first=bool(arguments.get("day_first")))


def _together(group: Mapping[str, Any], schema: "pl.Schema", *, day_first: bool) -> "pl.Expr":
    import polars as pl

    predicates = [
        (_together if "conditions" in item else _predicate)(item, schema, day_first=day_first)
        for item in group["conditions"]
    ]
    together = pl.any_horizontal if group["logic"] == "OR" else pl.all_horizontal
    return together(predicate.fill_null(False) for predicate in predicates)


def _predicate(condition: Mapping[str, Any], schema: "pl.Schema", *, day_first: bool) -> "pl.Expr":
    column = resolve_one(condition["column"], schema.names())
    cell = values.text(column, schema[column])
    operator, value = condition["operator"], condition.get("value")
    if operator in TEXTUAL:
        return TEXTUAL[operator](cell.fill_null(""), value)
    bounds = [str(bound) for bound in _several(value)]
    numbers = [values.number_of(bound) for bound in bounds]
    if operator not in DATES and None not in numbers:
        return COMPARING[operator](values.number(cell), *numbers)
    moments = [values.moment_of(bound, day_first=day_first) for bound in bounds]
    if None not in moments:
        return COMPARING[operator](values.moment(cell, day_first=day_first), *moments)
    readings = zip(bounds, numbers, moments, strict=True)
    unread = [b for b, n, m in readings if m is None and (n is None or operator in DATES)]
    wrong = (unread or bounds)[0]
    wanted = "a date" if operator in DATES else "a number or a date"
    raise BadArgument(
        f"'{wrong}' is not {wanted}, so '{column}' cannot be compared with it.",
        argument="conditions",
        column=column,
        value=wrong,
    )


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


DATES = frozenset({"before", "after"})
TEXTUAL: Mapping[str, Callable[["pl.Expr", Any], "pl.Expr"]] = {
    "equals": lambda cell, value: cell.is_in(_several(value)),
    "not_equals": lambda cell, value: ~cell.is_in(_several(value)),
    "contains": lambda cell, value: cell.str.to_lowercase().str.contains(
        value.lower(), literal=True
    ),
    "not_contains": lambda cell, value: (
        ~cell.str.to_lowercase().str.contains(value.lower(), literal=True)
    ),
    "starts_with": lambda cell, value: cell.str.starts_with(value),
    "ends_with": lambda cell, value: cell.str.ends_with(value),
    "is_empty": lambda cell, _: cell == "",
    "is_not_empty": lambda cell, _: cell != "",
}
COMPARING: Mapping[str, Callable[..., "pl.Expr"]] = {
    "greater_than": lambda cell, bound: cell > bound,
    "greater_than_or_equal": lambda cell, bound: cell >= bound,
    "less_than": lambda cell, bound: cell < bound,
    "less_than_or_equal": lambda cell, bound: cell <= bound,
    "before": lambda cell, bound: cell < bound,
    "after": lambda cell, bound: cell > bound,
    "between": lambda cell, low, high: (cell >= low) & (cell <= high),
}
