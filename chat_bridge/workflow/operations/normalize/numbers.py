"""Rules for numbers. What is no number becomes blank, or stays where a rule only picks some."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values

if TYPE_CHECKING:
    import polars as pl

Told = Mapping[str, Any]
DECIMAL_COMMA = r"^-?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}|\d{1,3}(?:\.\d{3}){2,})$"
WHOLE = r"^\s*\+?(-?\d+)(?:\.\d*)?\s*$"
IN_BRACKETS = r"^\s*\(.*\)\s*$"


def min_max(cell: "pl.Expr", _: Told) -> "pl.Expr":
    import polars as pl

    number = values.number(cell)
    low, high = number.min(), number.max()
    return pl.when(high > low).then((number - low) / (high - low)).otherwise(number)


def z_score(cell: "pl.Expr", _: Told) -> "pl.Expr":
    import polars as pl

    number = values.number(cell)
    spread = number.std().fill_null(0.0)
    scored = pl.when(spread > 0).then((number - number.mean()) / spread).otherwise(0.0)
    return pl.when(number.is_not_null()).then(scored)


def rounded(cell: "pl.Expr", told: Told) -> "pl.Expr":
    """Half to even after scaling, bit for bit as numpy does it."""
    return values.number(cell).round(told["decimals"], mode="half_to_even")


def integer(cell: "pl.Expr", _: Told) -> "pl.Expr":
    import polars as pl

    # Digits first: a number beyond 2^53 is not every number.
    digits = cell.str.extract(WHOLE, 1).cast(pl.Int64, strict=False)
    return digits.fill_null(values.number(cell).cast(pl.Int64, strict=False))


def currency(cell: "pl.Expr", _: Told) -> "pl.Expr":
    """Digits, point and minus count; brackets mean minus, a decimal comma is recognised."""
    import polars as pl

    bare = cell.str.replace_all("−", "-", literal=True).str.replace_all(r"[^\d.,-]", "")
    english = bare.str.replace_all(",", "", literal=True)
    other = bare.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    number = values.number(pl.when(bare.str.contains(DECIMAL_COMMA)).then(other).otherwise(english))
    bracketed = cell.str.contains("(", literal=True) & cell.str.contains(IN_BRACKETS)
    return pl.when(bracketed & (number > 0)).then(-number).otherwise(number)


def fill(cell: "pl.Expr", told: Told) -> "pl.Expr":
    import polars as pl

    method = told["method"]
    if method == "value":
        return cell.fill_null(told["value"]) if told["value"] else cell
    if method == "mode":
        return cell.fill_null(_most_frequent(cell))
    return cell.fill_null(values.text_of(_average(values.number(cell), method), pl.Float64()))


def fill_number(number: "pl.Expr", told: Told) -> "pl.Expr":
    method = told["method"]
    if method == "value":
        return number.fill_null(values.number_of(told["value"]))
    return number.fill_null(
        _most_frequent(number) if method == "mode" else _average(number, method)
    )


def without_outliers(cell: "pl.Expr", told: Told) -> "pl.Expr":
    import polars as pl

    return pl.when(~_outside(values.number(cell), told)).then(cell)


def number_without_outliers(number: "pl.Expr", told: Told) -> "pl.Expr":
    import polars as pl

    return pl.when(~_outside(number, told)).then(number)


def _outside(number: "pl.Expr", told: Told) -> "pl.Expr":
    low = number.quantile(0.25, interpolation="linear")
    high = number.quantile(0.75, interpolation="linear")
    reach = (high - low) * told["multiplier"]
    outside: pl.Expr = (number < low - reach) | (number > high + reach)
    return outside.fill_null(False)


def _most_frequent(cell: "pl.Expr") -> "pl.Expr":
    return cell.drop_nulls().mode().sort().first()


def _average(number: "pl.Expr", method: str) -> "pl.Expr":
    return number.mean() if method == "mean" else number.median()
