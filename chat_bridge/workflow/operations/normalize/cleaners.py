"""Which expression carries out which kind of rule, and what type of cell it leaves."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow.operations.normalize import dates, numbers, texts
from chat_bridge.workflow.values import number_of

if TYPE_CHECKING:
    import polars as pl

Clean = Callable[["pl.Expr", Mapping[str, Any]], "pl.Expr"]

TEXT: Mapping[str, Clean] = {
    "uppercase": texts.uppercase,
    "lowercase": texts.lowercase,
    "title_case": texts.title_case,
    "trim_whitespace": texts.trim,
    "remove_spaces": texts.remove_spaces,
    "remove_special_chars": texts.remove_special,
    "phone_format": texts.phone,
    "email_format": texts.email,
    "name_format": texts.name,
    "date_format": dates.formatted,
    "datetime_format": dates.formatted,
    "yes_no_convert": texts.yes_no,
    "regex_replace": texts.regex_replace,
    "fill_null_values": numbers.fill,
    "outlier_removal": numbers.without_outliers,
}
FLOAT: Mapping[str, Clean] = {
    "min_max_scale": numbers.min_max,
    "z_score": numbers.z_score,
    "round_decimal": numbers.rounded,
    "currency_format": numbers.currency,
}
INTEGER: Mapping[str, Clean] = {
    "integer_convert": numbers.integer,
    "date_extract_year": dates.part("year"),
    "date_extract_month": dates.part("month"),
    "date_extract_day": dates.part("day"),
}
BOOLEAN: Mapping[str, Clean] = {"boolean_convert": texts.boolean}


NUMERIC: Mapping[str, Clean] = {
    "fill_null_values": numbers.fill_number,
    "outlier_removal": numbers.number_without_outliers,
}


def cleaner(kind: str) -> tuple[Clean, "pl.DataType"]:
    """Takes a cell as text."""
    import polars as pl

    families: tuple[tuple[Mapping[str, Clean], pl.DataType], ...] = (
        (TEXT, pl.String()),
        (FLOAT, pl.Float64()),
        (INTEGER, pl.Int64()),
        (BOOLEAN, pl.Boolean()),
    )
    return next((family[kind], dtype) for family, dtype in families if kind in family)


def numeric_cleaner(kind: str, told: Mapping[str, Any]) -> Clean | None:
    """Takes a cell that is a number already and leaves it one, if this rule can."""
    if (
        kind == "fill_null_values"
        and told["method"] == "value"
        and number_of(told["value"]) is None
    ):
        return None
    return NUMERIC.get(kind)
