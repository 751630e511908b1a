"""Operations on the order and the number of rows."""

from typing import TYPE_CHECKING

from chat_bridge.workflow import values
from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.columns import resolve
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation

if TYPE_CHECKING:
    import polars as pl

_INDEX = "\x00index"
MOST_ROWS = 2**31 - 1  # as many as the engine counts


def _sort_title(arguments: Arguments) -> str:
    order = ", descending" if arguments["descending"] else ""
    return f"Sort by {', '.join(arguments['columns'])}{order}"


@operation(
    "sort",
    commands=("sort", "order"),
    summary="Put the rows in order",
    help=(
        "Numbers come before texts, and by their size; letter case does not matter; blank cells "
        "come last. Rows that are equal stay in their order."
    ),
    arguments=(
        Argument(
            "columns",
            "columns",
            "The columns to sort by, the first one first.",
            aliases=("by",),
            required=True,
            bare=True,
        ),
        Argument(
            "descending",
            "boolean",
            "The largest first.",
            aliases=("desc", "reverse"),
            default=False,
        ),
        Argument(
            "as",
            "choice",
            "How cells compare; auto is by number, then by letters.",
            default="auto",
            choices=("auto", "number", "text", "date"),
        ),
        OUTPUT_NAME,
    ),
    examples=("/sort amount desc", "/sort by=city,name", "/sort joined as=date"),
    suffix="sorted",
    title=_sort_title,
)
def sort(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    schema = frame.collect_schema()
    names = resolve(arguments["columns"], schema.names())
    keys = [key for name in names for key in _keys(name, schema[name], str(arguments["as"]))]
    return frame.sort(
        keys, descending=arguments["descending"], nulls_last=True, maintain_order=True
    )


def _keys(name: str, dtype: "pl.DataType", kind: str) -> list["pl.Expr"]:
    if dtype.is_numeric() and kind in ("auto", "number"):
        return [values.column(name)]
    cell = values.text(name, dtype)
    keys = {
        "number": [values.number(cell)],
        "date": [values.moment(cell)],
        "text": [cell.str.to_lowercase(), cell],
    }
    return keys.get(kind) or [values.number(cell), cell.str.to_lowercase(), cell]


def _sample_title(arguments: Arguments) -> str:
    which = "The first" if arguments["first"] else "A sample of"
    return f"{which} {arguments['rows']:,} rows"


def _check_sample(arguments: Arguments) -> Arguments:
    for name, least in (("rows", 1), ("seed", 0)):
        if arguments[name] < least:
            raise refused("sample", name, f"it is less than {least}")
    return arguments


@operation(
    "sample",
    commands=("sample",),
    summary="Keep some rows, picked by chance or from the top",
    help="The same seed picks the same rows again; their order is kept.",
    arguments=(
        Argument(
            "rows", "integer", "How many rows.", aliases=("n", "count"), default=100, bare=True,
        ),
        Argument(
            "first", "boolean", "Take them from the top.", aliases=("top", "head"), default=False,
        ),
        Argument("seed", "integer", "Another number picks other rows.", default=0),
        OUTPUT_NAME,
    ),
    examples=("/sample 500", "/sample 10 first", "/sample 100 seed=7"),
    suffix="sample",
    title=_sample_title,
    check=_check_sample,
    dropped=("row left out", "rows left out"),
)  # fmt: skip
def sample(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    import polars as pl

    rows = min(arguments["rows"], MOST_ROWS)
    numbered = frame.with_row_index(_INDEX)
    if arguments["first"]:
        # Not `head`: the rows behind are still counted.
        return numbered.filter(pl.col(_INDEX) < rows).drop(_INDEX)
    chance = pl.col(_INDEX).hash(arguments["seed"])
    return numbered.bottom_k(rows, by=[chance, pl.col(_INDEX)]).sort(_INDEX).drop(_INDEX)
