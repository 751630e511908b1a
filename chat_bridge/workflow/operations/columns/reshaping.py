"""One column into several, several into one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chat_bridge.workflow import values
from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.columns import resolve, resolve_one
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation

if TYPE_CHECKING:
    import polars as pl


def _check_new(command: str, new: Sequence[str], others: Sequence[str]) -> None:
    """`others` are the columns that stay."""
    taken = next((n for n in new if n in others or list(new).count(n) > 1), None)
    if taken is not None:
        raise refused(command, "into", f"two columns would be named '{taken}'")


def _placed(
    names: Sequence[str], old: Sequence[str], new: Sequence[str], *, keep: bool
) -> list[str]:
    """The new columns stand where the first old one is; the old ones leave, or stay before."""
    placed: list[str] = []
    for name in names:
        if keep or name not in old:
            placed.append(name)
        if name == old[0]:
            at = len(placed)
    return [*placed[:at], *new, *placed[at:]]


@operation(
    "split-column",
    commands=("split",),
    summary="Split a column into several",
    help="The last new column takes the rest; what is missing is blank.",
    arguments=(
        Argument("column", "text", "The column to split.", required=True, bare=True),
        Argument("into", "columns", "Names of the new columns.", required=True),
        Argument(
            "separator", "text", "What stands between the parts.", aliases=("by",), default=" "
        ),
        Argument("keep", "boolean", "Keep the old column too.", default=False),
        OUTPUT_NAME,
    ),
    examples=("/split name into=first,last", "/split place into=city,country by=';' keep=yes"),
    suffix="split",
    group="Columns",
    title=lambda arguments: f"Split {arguments['column']} into {', '.join(arguments['into'])}",
)
def split(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    schema = frame.collect_schema()
    old, new = resolve_one(arguments["column"], schema.names()), arguments["into"]
    if not arguments["separator"]:
        raise refused("split", "separator", "it is empty")
    stay = [name for name in schema if name != old or arguments["keep"]]
    _check_new("split", new, stay)
    parts = values.text(old, schema[old]).str.splitn(arguments["separator"], len(new))
    cells = [
        parts.struct.field(f"field_{index}").str.strip_chars().alias(f"\x00{name}")
        for index, name in enumerate(new)
    ]
    fresh = frame.with_columns(cells)
    return _selected(fresh, _placed(list(schema), [old], new, keep=arguments["keep"]), new)


@operation(
    "concatenate-columns",
    commands=("concat", "concatenate", "combine"),
    summary="Put columns together into one",
    help="Blank cells are left out, with their separator.",
    arguments=(
        Argument("columns", "columns", "The columns, in order.", required=True, bare=True),
        Argument("into", "text", "The name of the new column.", required=True),
        Argument(
            "separator", "text", "What stands between the cells.", aliases=("by",), default=" "
        ),
        Argument("keep", "boolean", "Keep the old columns too.", default=False),
        OUTPUT_NAME,
    ),
    examples=("/concat first,last into=name", "/concat city,country into=place by=', ' keep=yes"),
    suffix="concatenated",
    group="Columns",
    title=lambda arguments: f"Put {', '.join(arguments['columns'])} into {arguments['into']}",
)
def concatenate(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    import polars as pl

    schema = frame.collect_schema()
    old, new = resolve(arguments["columns"], schema.names()), [arguments["into"]]
    stay = [name for name in schema if name not in old or arguments["keep"]]
    _check_new("concat", new, stay)
    cells = [values.text(name, schema[name]) for name in old]
    joined = pl.concat_str(cells, separator=arguments["separator"], ignore_nulls=True)
    blank = pl.all_horizontal(cell.is_null() for cell in cells)
    fresh = frame.with_columns(pl.when(~blank).then(joined).alias(f"\x00{new[0]}"))
    return _selected(fresh, _placed(list(schema), old, new, keep=arguments["keep"]), new)


def _selected(frame: "pl.LazyFrame", names: Sequence[str], new: Sequence[str]) -> "pl.LazyFrame":
    import polars as pl

    return frame.select(
        pl.col(f"\x00{name}").alias(name) if name in new else values.column(name) for name in names
    )
