"""Which columns stay."""

from typing import TYPE_CHECKING

from chat_bridge.workflow import values
from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.columns import resolve
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation

if TYPE_CHECKING:
    import polars as pl


def _title(arguments: Arguments) -> str:
    count = len(arguments["columns"])
    title = f"Extract {count} columns" if count > 1 else f"Extract {arguments['columns'][0]}"
    return f"{title}, each row once" if arguments["remove_duplicates"] else title


@operation(
    "excel/extract-columns-to-file",
    commands=("extract", "select", "columns"),
    summary="Keep only some columns, in the order you name them",
    help=(
        "Names match exactly, or in any letter case when only one column fits; put names with "
        "spaces or commas in quotes."
    ),
    arguments=(
        Argument("columns", "columns", "The columns to keep.", required=True, bare=True),
        Argument(
            "remove_duplicates",
            "boolean",
            "Keep only the first of rows that are the same in these columns.",
            aliases=("unique", "distinct"),
            default=False,
        ),
        OUTPUT_NAME,
    ),
    examples=("/extract columns=name,email", "/extract 'First name', city unique"),
    suffix="extracted",
    group="Columns",
    title=_title,
    dropped=("duplicate removed", "duplicates removed"),
    drops=lambda arguments: bool(arguments["remove_duplicates"]),
)
def extract(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    names = frame.collect_schema().names()
    chosen = frame.select(map(values.column, resolve(arguments["columns"], names)))
    if arguments["remove_duplicates"]:
        return chosen.unique(keep="first", maintain_order=True)
    return chosen


@operation(
    "drop-columns",
    commands=("drop", "remove-columns"),
    summary="Leave columns out",
    help="All other columns stay, in their order.",
    arguments=(
        Argument("columns", "columns", "The columns to leave out.", required=True, bare=True),
        OUTPUT_NAME,
    ),
    examples=("/drop notes", "/drop 'Internal id', notes"),
    suffix="dropped",
    group="Columns",
    title=lambda arguments: f"Leave out {', '.join(arguments['columns'])}",
)
def drop(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    names = frame.collect_schema().names()
    gone = resolve(arguments["columns"], names)
    if len(gone) == len(names):
        raise refused("drop", "columns", "at least one column has to stay")
    return frame.select(values.column(name) for name in names if name not in gone)
