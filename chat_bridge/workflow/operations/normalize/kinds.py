"""The kinds of rules by name: what they do in a line, and what they can be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat_bridge.workflow.registry import ArgumentType


@dataclass(frozen=True)
class Parameter:
    name: str
    type: ArgumentType
    help: str
    default: Any = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """`loses` says what a cell failed to be when a rule leaves it blank."""

    name: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    loses: str = ""


_KEEP_BLANKS = Parameter("keep_blanks", "boolean", "Leave blank cells blank.", default=False)
_DAY_FIRST = Parameter("day_first", "boolean", "Read 04/03/2024 as 4 March.", default=False)
_REPLACEMENT = Parameter("replacement", "text", "What to put in its place.", default="")


def _true_values(*words: str) -> Parameter:
    return Parameter("true_values", "list", "The words that mean yes.", default=list(words))


def _layout(default: str) -> Parameter:
    return Parameter("format", "text", "Such as %d.%m.%Y or DD.MM.YYYY.", default=default)


_LIST = (
    Kind("uppercase", "ALL LETTERS LARGE"),
    Kind("lowercase", "all letters small"),
    Kind("title_case", "Every Word With A Large First Letter"),
    Kind("trim_whitespace", "No spaces at either end"),
    Kind("remove_spaces", "No spaces at all"),
    Kind(
        "remove_special_chars",
        "Only letters, digits and spaces",
        (
            Parameter("pattern", "text", "A regular expression for what goes."),
            _REPLACEMENT,
        ),
    ),
    Kind("phone_format", "(555) 123-4567, from ten digits or eleven that begin with 1"),
    Kind("email_format", "Small letters, no spaces around"),
    Kind("name_format", "Title case, no spaces around"),
    Kind("min_max_scale", "Numbers spread over 0 to 1", loses="number"),
    Kind("z_score", "Numbers as distances from the mean", loses="number"),
    Kind(
        "round_decimal",
        "Numbers rounded, half to even",
        (Parameter("decimals", "integer", "Digits after the point.", default=2),),
        loses="number",
    ),
    Kind("integer_convert", "Whole numbers, the rest cut off", loses="number"),
    Kind("currency_format", "Amounts as numbers: $1,234.50, 1.234,50 €, (100)", loses="amount"),
    Kind(
        "date_format",
        "Dates of many kinds in one format",
        (_layout("%Y-%m-%d"), _DAY_FIRST),
        loses="date",
    ),
    Kind(
        "datetime_format",
        "Dates with times in one format",
        (_layout("%Y-%m-%d %H:%M:%S"), _DAY_FIRST),
        loses="date",
    ),
    Kind("date_extract_year", "The year of a date", (_DAY_FIRST,), loses="date"),
    Kind("date_extract_month", "The month of a date, 1 to 12", (_DAY_FIRST,), loses="date"),
    Kind("date_extract_day", "The day of a date, 1 to 31", (_DAY_FIRST,), loses="date"),
    Kind(
        "boolean_convert",
        "TRUE or FALSE; a blank is FALSE",
        (_true_values("true", "1", "yes", "y", "on"), _KEEP_BLANKS),
    ),
    Kind(
        "yes_no_convert",
        "Yes or No; a blank is No",
        (_true_values("true", "1", "yes", "y", "on"), _KEEP_BLANKS),
    ),
    Kind(
        "regex_replace",
        "What a regular expression finds, replaced",
        (
            Parameter("pattern", "text", "A regular expression.", default=""),
            _REPLACEMENT,
        ),
    ),
    Kind(
        "fill_null_values",
        "Blank cells filled",
        (
            Parameter("value", "text", "What to put into blank cells.", default=""),
            Parameter(
                "method",
                "choice",
                "A value, or the column's mean, median or most frequent cell.",
                default="value",
                choices=("value", "mean", "median", "mode"),
            ),
        ),
    ),
    Kind(
        "outlier_removal",
        "Numbers far outside the middle half left blank",
        (Parameter("multiplier", "number", "How many quartile distances are far.", default=1.5),),
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _LIST}

SPELLINGS: Mapping[str, str] = {
    "upper": "uppercase",
    "lower": "lowercase",
    "title": "title_case",
    "trim": "trim_whitespace",
    "strip": "trim_whitespace",
    "special_chars": "remove_special_chars",
    "phone": "phone_format",
    "phone_number": "phone_format",
    "email": "email_format",
    "name": "name_format",
    "minmax": "min_max_scale",
    "min_max": "min_max_scale",
    "scale": "min_max_scale",
    "zscore": "z_score",
    "round": "round_decimal",
    "decimal": "round_decimal",
    "integer": "integer_convert",
    "int": "integer_convert",
    "currency": "currency_format",
    "money": "currency_format",
    "amount": "currency_format",
    "date": "date_format",
    "datetime": "datetime_format",
    "year": "date_extract_year",
    "month": "date_extract_month",
    "day": "date_extract_day",
    "boolean": "boolean_convert",
    "bool": "boolean_convert",
    "yes_no": "yes_no_convert",
    "yesno": "yes_no_convert",
    "regex": "regex_replace",
    "replace": "regex_replace",
    "fill": "fill_null_values",
    "fill_nulls": "fill_null_values",
    "fill_blanks": "fill_null_values",
    "outliers": "outlier_removal",
    "remove_outliers": "outlier_removal",
}
