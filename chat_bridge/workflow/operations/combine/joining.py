"""Columns of another file, matched by keys."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chat_bridge.errors import MissingArgument
from chat_bridge.workflow import values
from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.columns import listed, match
from chat_bridge.workflow.operations.combine.second import keys_in_both, there
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation
from chat_bridge.workflow.tables.frames import About, Look, Table
from chat_bridge.workflow.tally import FACT

if TYPE_CHECKING:
    import polars as pl

MATCHED = FACT + "matched_rows"


def _keys(arguments: Arguments, names: Sequence[str], other: Table) -> list[tuple[str, str]]:
    """Pairs of key columns; by default the one column both files have."""
    wanted = arguments["comparison_columns"]
    if not wanted:
        shared = [name for name in names if match(name, other.columns) is not None]
        if len(shared) != 1:
            said = f"both files have {listed(shared)}" if shared else "they share none"
            raise MissingArgument(
                f"Say which column the files have in common, as in /join on=email: {said}.",
                argument="comparison_columns",
            )
        wanted = shared
    return keys_in_both(wanted, names, other)


def _bound(
    arguments: Arguments, names: Sequence[str], keys: Sequence[tuple[str, str]], other: Table
) -> list[str]:
    """Columns to bring along; a key among them is here already."""
    theirs = {there for _, there in keys}
    if not arguments["bind_columns"]:
        return [c for c in other.columns if c not in theirs and match(c, names) is None]
    wanted = there(arguments["bind_columns"], other)
    chosen = [name for name in dict.fromkeys(wanted) if name not in theirs]
    if taken := next((name for name in chosen if name in names), None):
        raise refused("join", "bind_columns", f"this table has a column '{taken}' already")
    return chosen


def _look(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Look:
    import polars as pl

    other: Table = arguments["bind_file"]
    names = frame.collect_schema().names()
    keys = _keys(arguments, names, other)
    chosen = _bound(arguments, names, keys, other)
    theirs = [there for _, there in keys]
    rows, unique = (
        other.frame.select(pl.len(), pl.struct(map(values.column, theirs)).n_unique())
        .collect(engine="streaming")
        .row(0)
    )
    unique = unique if rows else 0
    return Look(
        {
            "bind_rows": rows,
            "columns_bound": chosen,
            "statistics": {
                **_named([here for here, _ in keys]),
                "bind_columns": chosen,
                "unique_keys_in_bind": unique,
                "duplicate_keys_removed": rows - unique,
            },
        }
    )


def _named(keys: Sequence[str]) -> dict[str, Any]:
    """A single key under the name it has where there can be only one, too."""
    single = {"comparison_column": keys[0]} if len(keys) == 1 else {}
    return {**single, "comparison_columns": list(keys)}


def _conclude(facts: dict[str, Any]) -> dict[str, Any]:
    """What is known once all rows went by."""
    matched, rows = facts["matched_rows"], facts.pop("all_rows")
    share = round(100 * matched / rows, 2) if rows else 0
    return {
        **facts,
        "source_rows": rows,
        "unmatched_rows": rows - matched,
        "statistics": {**facts["statistics"], "match_percentage": share},
    }


def _join_title(arguments: Arguments) -> str:
    of = f" of {arguments['bind_file']}" if arguments["bind_file"] else " of the other file"
    columns = ", ".join(arguments["bind_columns"] or ["the columns"])
    by = arguments["comparison_columns"]
    return f"Bring in {columns}{of}" + (f" by {', '.join(by)}" if by else "")


@operation(
    "excel/bind-single-key",
    commands=("join", "bind", "lookup"),
    aliases=("excel/bind-multi-key", "csv/bind-single-key", "csv/bind-multi-key"),
    summary="Bring in columns of another file, matched by key columns",
    help=(
        "Every row stays; where the key is in the other file, its columns come along, else they "
        "are blank. Keys are equal as texts: '2' is not '02'. A blank key matches nothing; of "
        "rows with the same key the other file's first one counts."
    ),
    arguments=(
        Argument(
            "bind_file",
            "text",
            "The other spreadsheet, by its name; by default the only other one there is.",
            aliases=("with",),
        ),
        Argument(
            "comparison_columns",
            "columns",
            "The columns that must be equal; by default the one both files have.",
            aliases=("comparison_column", "key_column", "key_columns", "key", "keys", "on", "by"),
        ),
        Argument(
            "bind_columns",
            "columns",
            "The other file's columns to bring in; by default all that are new.",
            aliases=("source_columns", "columns"),
            bare=True,
        ),
        OUTPUT_NAME,
    ),
    examples=("/join on=email", "/join with=phones.csv on=first,last columns=phone"),
    suffix="bound",
    group="Combine",
    title=_join_title,
    opens="bind_file",
    look=_look,
    conclude=_conclude,
    counted=lambda sums: f"{sums['matched_rows']:,} with a match",
)
def bind(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    import polars as pl

    other: Table = arguments["bind_file"]
    schema = frame.collect_schema()
    keys = _keys(arguments, schema.names(), other)
    chosen = _bound(arguments, schema.names(), keys, other)
    if not chosen:
        raise refused("join", "bind_columns", "the second file has nothing to bring in")
    on = [f"\x00key{index}" for index in range(len(keys))]
    theirs = other.frame.select(
        *(values.column(there).alias(key) for key, (_, there) in zip(on, keys, strict=True)),
        *map(values.column, chosen),
        pl.lit(1, dtype=pl.UInt8).alias(MATCHED),
    )
    first = theirs.unique(subset=on, keep="first", maintain_order=True)
    here = [
        values.text(name, schema[name]).alias(key) for key, (name, _) in zip(on, keys, strict=True)
    ]
    joined = frame.with_columns(here).join(first, on=on, how="left", maintain_order="left")
    return joined.drop(on).with_columns(pl.lit(1, dtype=pl.UInt8).alias(FACT + "all_rows"))
