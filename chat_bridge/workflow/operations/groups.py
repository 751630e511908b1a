"""Rows folded into one a group."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chat_bridge.workflow import values
from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.columns import resolve
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation

if TYPE_CHECKING:
    import polars as pl

FOLDS: Mapping[str, str] = {
    "sum": "Columns to add up.",
    "mean": "Columns to average.",
    "min": "Columns whose smallest number to keep.",
    "max": "Columns whose largest number to keep.",
    "distinct": "Columns whose different values to count.",
}
ALIASES = {"sum": ("total",), "mean": ("average", "avg"), "distinct": ("unique",)}


def _title(arguments: Arguments) -> str:
    told = [f"{fold} of {', '.join(arguments[fold])}" for fold in FOLDS if arguments[fold]]
    return f"Summarise by {', '.join(arguments['columns'])}" + "".join(f", {t}" for t in told)


@operation(
    "summarise",
    commands=("summarise", "summarize", "group"),
    summary="One row a group, with counts, sums and averages",
    help=(
        "Groups come in the order their first row has; a blank cell is a group too. Cells that "
        "are no numbers do not count in a sum."
    ),
    arguments=(
        Argument(
            "columns",
            "columns",
            "The columns that make a group.",
            aliases=("by",),
            required=True,
            bare=True,
        ),
        Argument("count", "boolean", "How many rows a group has.", default=True),
        *(
            Argument(fold, "columns", about, aliases=ALIASES.get(fold, ()))
            for fold, about in FOLDS.items()
        ),
        OUTPUT_NAME,
    ),
    examples=("/summarise city sum=amount", "/group by=city,year mean=amount distinct=name"),
    suffix="summary",
    title=_title,
    dropped=("row folded into its group", "rows folded into their group"),
)
def summarise(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    import polars as pl

    schema = frame.collect_schema()
    by = resolve(arguments["columns"], schema.names())
    made: dict[str, pl.Expr] = {}
    if arguments["count"]:
        made["count"] = pl.len()
    for fold in FOLDS:
        for name in resolve(arguments[fold] or (), schema.names()):
            made[f"{fold} of {name}"] = _folded(fold, name, schema[name])
    if taken := next((name for name in by if name in made), None):
        raise refused("summarise", "columns", f"two columns would be named '{taken}'")
    return frame.group_by(map(values.column, by), maintain_order=True).agg(**made)


def _folded(fold: str, name: str, dtype: "pl.DataType") -> "pl.Expr":
    """Sums are rounded to what numbers of this size are exact to, so 0.1 + 0.2 is 0.3."""
    import polars as pl

    cell = values.column(name)
    if fold == "distinct":
        return cell.drop_nulls().n_unique()
    number = (
        cell.cast(pl.Float64) if dtype.is_numeric() else values.number(values.text(name, dtype))
    )
    folds: Mapping[str, Callable[[], pl.Expr]] = {
        "sum": lambda: pl.when(number.count() > 0).then(number.sum()).round_sig_figs(15),
        "mean": lambda: number.mean().round_sig_figs(15),
        "min": number.min,
        "max": number.max,
    }
    return folds[fold]()
