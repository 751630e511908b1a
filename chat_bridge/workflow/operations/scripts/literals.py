"""Cells as literals: a column is written as numbers, truth or moments when all its cells are
exactly that, and a cell that is not stays a text even so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_bridge.errors import BadArgument
from chat_bridge.workflow import values
from chat_bridge.workflow.operations.scripts.dialects import Dialect

if TYPE_CHECKING:
    import polars as pl

# Written bare, and read back as they were: no leading zero, no more than 15 digits, no exponent.
NUMBER = r"^(?:0(?:\.0+)?|-?[1-9]\d*(?:\.\d+)?|-?0\.\d*[1-9]\d*)$"
LONGEST_NUMBER = 16
MACHINE_NUMBER = r"^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$"
TRUTH = r"^(?i:true|false)$"
MOMENT = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"
NULL = "NULL"


@dataclass(frozen=True)
class Survey:
    """One reading of the rows: how many there are, and what each column holds."""

    rows: int
    kinds: Mapping[str, str]


def survey(frame: "pl.LazyFrame", columns: Sequence[str], *, infer: bool) -> Survey:
    """Refuses cells with a NUL, which no database takes in a text."""
    import polars as pl

    schema = frame.collect_schema()
    texts = [name for name in columns if schema[name] == pl.String]
    asked = [pl.len().alias("rows")]
    for index, name in enumerate(texts):
        cell = values.column(name)
        asked.append(cell.count().alias(f"{index}:filled"))
        asked.append(cell.str.contains("\x00", literal=True).any().alias(f"{index}:nul"))
        asked += [
            fits.sum().alias(f"{index}:{kind}") for kind, fits in _tests(cell).items() if infer
        ]
    told = frame.select(asked).collect(engine="streaming").row(0, named=True)
    kinds = {name: _machine(schema[name]) for name in columns}
    for index, name in enumerate(texts):
        if told[f"{index}:nul"]:
            raise BadArgument(
                f"A cell in '{name}' holds a NUL character, which no database takes in a text; "
                f"clean it first: /normalize '{name}'=remove_special_chars",
                argument="columns",
                column=name,
            )
        if infer and told[f"{index}:filled"]:
            kinds[name] = _kind(told, index)
    return Survey(told["rows"], kinds)


def _tests(cell: "pl.Expr") -> dict[str, "pl.Expr"]:
    return {
        "number": _is_number(cell),
        "truth": cell.str.contains(TRUTH),
        "moment": cell.str.contains(MOMENT)
        & cell.str.strptime(_datetime(), "%Y-%m-%d %H:%M:%S", strict=False).is_not_null(),
    }


def _datetime() -> "pl.Datetime":
    import polars as pl

    return pl.Datetime("us")


def _is_number(cell: "pl.Expr") -> "pl.Expr":
    return cell.str.contains(NUMBER) & (cell.str.len_bytes() <= LONGEST_NUMBER)


def _kind(told: Mapping[str, int], index: int) -> str:
    filled = told[f"{index}:filled"]
    kinds = ("number", "truth", "moment")
    return next((kind for kind in kinds if told[f"{index}:{kind}"] == filled), "text")


def _machine(dtype: "pl.DataType") -> str:
    import polars as pl

    if dtype == pl.Boolean:
        return "truth"
    if dtype.is_numeric():
        return "machine"
    return "moment" if dtype.is_temporal() else "text"


def told(name: str, dtype: "pl.DataType") -> "pl.Expr":
    """The text of a cell; a moment to the second."""
    import polars as pl

    if isinstance(dtype, pl.Datetime):
        return values.column(name).dt.to_string("%Y-%m-%d %H:%M:%S")
    return values.text(name, dtype)


def literal(cell: "pl.Expr", kind: str, dialect: Dialect) -> "pl.Expr":
    """Never null: a blank is NULL."""
    import polars as pl

    quoted = dialect.literal(cell)
    yes, no = dialect.truth
    if kind == "truth":
        word = cell.str.to_lowercase()
        shown = (
            pl.when(word == "true").then(pl.lit(yes)).when(word == "false").then(pl.lit(no))
        ).otherwise(quoted)
    elif kind in ("number", "machine"):
        bare = _is_number(cell) if kind == "number" else cell.str.contains(MACHINE_NUMBER)
        shown = pl.when(bare).then(cell).otherwise(quoted)
    elif kind == "moment" and dialect.timestamp:
        timed = cell.str.contains(MOMENT)
        shown = pl.when(timed).then(quoted + pl.lit(dialect.timestamp)).otherwise(quoted)
    else:
        shown = quoted
    return shown.fill_null(pl.lit(NULL))
