"""What a text cell means: a number, a moment, and back to text. Polars expressions; nothing here
is evaluated, except dates, whose format is found batch by batch."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d-%m-%y")
DOTTED = ("%d.%m.%Y", "%d.%m.%y")
WORDED = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%B-%Y", "%d-%b-%y")
EARLIEST = 1000  # a year of two digits must not pass for one of four
EXACT = 1e15  # above it polars writes an exponent
TIMES = ("%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p")

# A date, and perhaps a time of day and a zone, which is dropped: the wall clock counts.
_MOMENT = (
    r"^\s*(?:[A-Za-z]{3,9},\s+)?(?P<day>.*?\d)"
    r"(?:[T\s,]\s*(?P<hour>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\s*$"
)


def column(name: str) -> "pl.Expr":
    """The column of exactly this name: to polars `*` and `^...$` are patterns."""
    import polars as pl

    pattern = name == "*" or (name.startswith("^") and name.endswith("$"))
    return pl.col(f"^{re.escape(name)}$" if pattern else name)


def text(name: str, dtype: "pl.DataType") -> "pl.Expr":
    return text_of(column(name), dtype).alias(name)


def text_of(cell: "pl.Expr", dtype: "pl.DataType") -> "pl.Expr":
    """A cell as text: whole numbers without a point, truth as True and False."""
    import polars as pl

    if dtype == pl.String:
        return cell
    if dtype == pl.Boolean:
        return pl.when(cell).then(pl.lit("True")).when(~cell).then(pl.lit("False"))
    if dtype.is_float():
        return cell.map_batches(_digits, return_dtype=pl.String, is_elementwise=True)
    return cell.cast(pl.String)


def _digits(numbers: "pl.Series") -> "pl.Series":
    import polars as pl

    numbers = numbers.alias("")  # of a series too, the name may be taken for a pattern
    told = numbers.set(numbers == 0, 0.0).cast(pl.String).str.strip_suffix(".0")
    large = (numbers.abs() >= EXACT).fill_null(False) & numbers.is_finite().fill_null(False)
    if large.any():
        exact = [str(int(number)) for number in numbers.filter(large)]
        told = told.scatter(large.arg_true(), pl.Series(exact, dtype=pl.String))
    return told


def as_text(frame: "pl.LazyFrame") -> "pl.LazyFrame":
    schema = frame.collect_schema()
    return frame.with_columns(text(name, dtype) for name, dtype in schema.items())


def number(expression: "pl.Expr") -> "pl.Expr":
    """Text to a finite number, null where it is none."""
    import polars as pl

    parsed = expression.str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(parsed.is_finite()).then(parsed)


def moment(expression: "pl.Expr", *, day_first: bool = False) -> "pl.Expr":
    """Text to date and time, null where it is none; each cell may have a format of its own."""
    import polars as pl

    return expression.map_batches(
        lambda cells: moments(cells, day_first=day_first),
        return_dtype=pl.Datetime("us"),
        is_elementwise=True,
    )


def moment_of(value: str, *, day_first: bool = False) -> datetime | None:
    import polars as pl

    found = moments(pl.Series([value], dtype=pl.String), day_first=day_first)[0]
    return found if isinstance(found, datetime) else None


def number_of(value: object) -> float | None:
    """A number as search operators compare it."""
    try:
        found = float(str(value).strip().replace("_", "x"))
    except ValueError:
        return None
    return found if abs(found) != float("inf") and found == found else None


def moments(cells: "pl.Series", *, day_first: bool = False) -> "pl.Series":
    """ISO at full speed; what is left over is taken apart and tried in other formats, each text
    once: there are fewer days than rows."""
    import polars as pl

    name = cells.name
    cells = cells.alias("")  # of a series too, the name may be taken for a pattern
    iso = cells.to_frame("text").select(_first_fit("text", ISO, pl.Datetime("us")))
    found = iso.to_series()
    rest = cells.is_not_null() & found.is_null()
    if rest.any():
        chosen = cells.filter(rest)
        distinct = chosen.unique()
        read = _taken_apart(distinct, day_first=day_first)
        found = found.scatter(rest.arg_true(), chosen.replace_strict(distinct, read))
    return found.alias(name)


def _taken_apart(cells: "pl.Series", *, day_first: bool) -> "pl.Series":
    import polars as pl

    parts = cells.str.extract_groups(_MOMENT).struct.unnest()
    read = parts.select(
        pl.col("day").str.replace_all(r",\s*|\s+", " "),
        pl.concat_str("hour", "half", separator=" ", ignore_nulls=True).alias("clock"),
        timed=pl.col("hour").is_not_null(),
    )
    ordered = (*DAY_FIRST, *MONTH_FIRST) if day_first else (*MONTH_FIRST, *DAY_FIRST)
    day = _first_fit("day", (*YEAR_FIRST, *ordered, *DOTTED, *WORDED), pl.Datetime("us"))
    clock = _first_fit("clock", TIMES, pl.Time()).cast(pl.Duration("us"))
    return read.select(day + pl.when("timed").then(clock).otherwise(pl.duration())).to_series()


def _first_fit(name: str, layouts: tuple[str, ...], kind: "pl.Datetime | pl.Time") -> "pl.Expr":
    """Each cell by the first layout it fits; what fits none is null."""
    import polars as pl

    fits = []
    for layout in layouts:
        exact = kind if "%H" in layout or "%I" in layout else pl.Date()
        fit = pl.col(name).str.strptime(exact, layout, strict=False)
        if not isinstance(exact, pl.Time):
            fit = pl.when(fit.dt.year() >= EARLIEST).then(fit)
        fits.append(fit.cast(kind))
    return pl.coalesce(fits)
