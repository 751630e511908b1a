"""What a text cell means: a number, a moment, and back to text. Polars expressions; nothing here
is evaluated, except dates, whose format is found batch by batch."""

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
TIMES = ("%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p")

# A date, and perhaps a time of day and a zone, which is dropped: the wall clock counts.
_MOMENT = (
    r"^\s*(?:[A-Za-z]{3,9},\s+)?(?P<day>.*?\d)"
    r"(?:[T\s,]\s*(?P<hour>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\s*$"
)


def text(name: str, dtype: "pl.DataType") -> "pl.Expr":
    import polars as pl

    return text_of(pl.col(name), dtype).alias(name)


def text_of(cell: "pl.Expr", dtype: "pl.DataType") -> "pl.Expr":
    """A cell as text: whole numbers without a point, truth as True and False."""
    import polars as pl

    if dtype == pl.String:
        return cell
    if dtype == pl.Boolean:
        return pl.when(cell).then(pl.lit("True")).when(~cell).then(pl.lit("False"))
    if dtype.is_float():
        whole = (cell == cell.floor()) & (cell.abs() < 1e36)
        digits = cell.cast(pl.Int128, strict=False).cast(pl.String)
        return pl.when(whole).then(digits).otherwise(cell.cast(pl.String))
    return cell.cast(pl.String)


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
    """ISO at full speed; only what is left over is taken apart and tried in other formats."""
    import polars as pl

    found = _first_fit(cells, ISO, pl.Datetime("us"))
    rest = cells.is_not_null() & found.is_null()
    if rest.any():
        found = found.scatter(rest.arg_true(), _apart(cells.filter(rest), day_first=day_first))
    return found.alias(cells.name)


def _apart(cells: "pl.Series", *, day_first: bool) -> "pl.Series":
    import polars as pl

    parts = cells.str.extract_groups(_MOMENT).struct.unnest()
    spaced = parts["day"].str.replace_all(r",\s*|\s+", " ")
    ordered = (*DAY_FIRST, *MONTH_FIRST) if day_first else (*MONTH_FIRST, *DAY_FIRST)
    clock = pl.concat_str("hour", "half", separator=" ", ignore_nulls=True)
    times = _first_fit(parts.select(clock)["hour"], TIMES, pl.Time())
    read = pl.DataFrame(
        {
            "day": _first_fit(spaced, (*YEAR_FIRST, *ordered, *DOTTED, *WORDED), pl.Date()),
            "time": times,
            "timed": parts["hour"].is_not_null(),
        }
    )
    time = pl.when("timed").then(pl.col("time").cast(pl.Duration("us"))).otherwise(pl.duration())
    return read.select(pl.col("day").cast(pl.Datetime("us")) + time).to_series()


def _first_fit(
    cells: "pl.Series", layouts: tuple[str, ...], kind: "pl.Date | pl.Datetime | pl.Time"
) -> "pl.Series":
    """Each cell by the first layout it fits; what fits none is null."""
    import polars as pl

    found = pl.Series(cells.name, [None] * len(cells), dtype=kind)
    for layout in layouts:
        rest = cells.is_not_null() & found.is_null()
        if not rest.any():
            break
        exact = kind if "%H" in layout or "%I" in layout else pl.Date()
        parsed = cells.filter(rest).str.strptime(exact, layout, strict=False)
        if not isinstance(exact, pl.Time):
            parsed = parsed.set(parsed.dt.year() < 1000, None)
        found = found.scatter(rest.arg_true(), parsed.cast(kind))
    return found
