"""Rules for text. A cell that becomes empty becomes blank."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow.patterns import replacement, tried

if TYPE_CHECKING:
    import polars as pl

Told = Mapping[str, Any]
ABROAD = r"^\s*\+\s*[02-9]"  # +49 30 123456 has ten digits as well
SPECIAL = r"[^\p{L}\p{M}\p{N}\s]"


def uppercase(cell: "pl.Expr", _: Told) -> "pl.Expr":
    return cell.str.to_uppercase()


def lowercase(cell: "pl.Expr", _: Told) -> "pl.Expr":
    return cell.str.to_lowercase()


def title_case(cell: "pl.Expr", _: Told) -> "pl.Expr":
    return cell.str.to_titlecase()


def trim(cell: "pl.Expr", _: Told) -> "pl.Expr":
    return _blank_if_empty(cell.str.strip_chars())


def remove_spaces(cell: "pl.Expr", _: Told) -> "pl.Expr":
    return _blank_if_empty(cell.str.replace_all(r"\s+", ""))


def remove_special(cell: "pl.Expr", told: Told) -> "pl.Expr":
    return _replaced(cell, told["pattern"] or SPECIAL, told["replacement"])


def regex_replace(cell: "pl.Expr", told: Told) -> "pl.Expr":
    return _replaced(cell, told["pattern"], told["replacement"]) if told["pattern"] else cell


def email(cell: "pl.Expr", _: Told) -> "pl.Expr":
    return _blank_if_empty(cell.str.to_lowercase().str.strip_chars())


def name(cell: "pl.Expr", _: Told) -> "pl.Expr":
    return _blank_if_empty(cell.str.to_titlecase().str.strip_chars())


def phone(cell: "pl.Expr", _: Told) -> "pl.Expr":
    import polars as pl

    digits = cell.str.replace_all("[^0-9]", "")
    count = digits.str.len_bytes()
    return (
        pl.when(cell.str.contains(ABROAD))
        .then(cell)
        .when(count == len("5551234567"))
        .then(_local(digits, 0))
        .when((count == len("15551234567")) & digits.str.starts_with("1"))
        .then(pl.lit("+1 ") + _local(digits, 1))
        .otherwise(cell)
    )


def _local(digits: "pl.Expr", start: int) -> "pl.Expr":
    import polars as pl

    area, office, line = (
        digits.str.slice(start + first, length) for first, length in ((0, 3), (3, 3), (6, 4))
    )
    return pl.format("({}) {}-{}", area, office, line)


def boolean(cell: "pl.Expr", told: Told) -> "pl.Expr":
    found = cell.str.to_lowercase().is_in(told["true_values"])
    return found if told["keep_blanks"] else found.fill_null(False)


def yes_no(cell: "pl.Expr", told: Told) -> "pl.Expr":
    import polars as pl

    found = boolean(cell, told)
    return pl.when(found).then(pl.lit("Yes")).when(~found).then(pl.lit("No"))


def _replaced(cell: "pl.Expr", pattern: str, by: str) -> "pl.Expr":
    by = replacement(by)
    return _blank_if_empty(cell.str.replace_all(tried(pattern, by), by))


def _blank_if_empty(cell: "pl.Expr") -> "pl.Expr":
    import polars as pl

    return pl.when(cell != "").then(cell)
