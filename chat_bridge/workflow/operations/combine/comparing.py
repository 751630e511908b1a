"""What changed between two files, row by row and cell by cell, matched by keys."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chat_bridge.errors import MissingArgument
from chat_bridge.workflow.columns import listed, match, resolve_one
from chat_bridge.workflow.markdown import table
from chat_bridge.workflow.operations.combine.differing import (
    HERE,
    THERE,
    Pairs,
    differences,
    spread,
)
from chat_bridge.workflow.operations.combine.second import keys_in_both
from chat_bridge.workflow.operations.combine.unequal import Meeting
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation
from chat_bridge.workflow.tables.frames import About, Look, Table

if TYPE_CHECKING:
    import polars as pl


def _pairs(arguments: Arguments, names: Sequence[str], other: Table) -> Pairs:
    keys = _keys(arguments["key_columns"], names, other)
    here, theirs = {one for one, _ in keys}, {two for _, two in keys}
    ignored = {resolve_one(name, names) for name in arguments["ignore"] or ()}
    found = {name: match(name, other.columns) for name in names if name not in here}
    compared = [
        (name, two) for name, two in found.items() if two not in (None, *theirs) and two is not None
    ]
    met = theirs | {two for _, two in compared}
    return Pairs(
        tuple(keys),
        tuple(pair for pair in compared if pair[0] not in ignored),
        tuple(name for name, two in found.items() if two is None),
        tuple(name for name in other.columns if name not in met),
    )


def _keys(
    wanted: Sequence[str] | None, names: Sequence[str], other: Table
) -> list[tuple[str, str]]:
    """By default the first column, where both files begin with it."""
    if not wanted:
        if not names or not other.columns or match(names[0], other.columns[:1]) is None:
            raise MissingArgument(
                f"Say which column tells the rows apart, as in /diff on=id: this file has "
                f"{listed(names)}.",
                argument="key_columns",
            )
        wanted = names[:1]
    return keys_in_both(wanted, names, other)


def _sums(meeting: Meeting) -> dict[str, int]:
    """Flags are collected first, few bytes a row: sums in the plan would undo the join's order."""
    import polars as pl

    differ = {f"in{at}": found for at, found in enumerate(differences(meeting.pairs))}
    flags = meeting.rows.select(
        pl.col(THERE).is_null().alias("added"),
        pl.col(HERE).is_null().alias("removed"),
        *(found.alias(name) for name, found in differ.items()),
    ).collect(engine="streaming")
    return flags.select(
        pl.all().sum(),
        pl.any_horizontal(pl.lit(value=False), *differ).sum().alias("changed_rows"),
    ).row(0, named=True)


def _look(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Look:
    other: Table = arguments["with"]
    pairs = _pairs(arguments, frame.collect_schema().names(), other)
    meeting = Meeting(frame, other.frame, pairs)
    found = _sums(meeting)
    cells = [found[f"in{at}"] for at in range(len(pairs.compared))]
    counts = {name: found[name] for name in ("added", "removed", "changed_rows")}
    counts["changed_cells"] = sum(cells)
    by_column = {one: count for (one, _), count in zip(pairs.compared, cells, strict=True) if count}
    facts = {
        **counts,
        "unchanged": int(meeting.places["same"].sum()),
        "key_columns": [one for one, _ in pairs.keys],
        "columns_added": list(pairs.added),
        "columns_removed": list(pairs.removed),
        "changed_by_column": by_column,
    }
    return Look({"diff": facts}, _told(facts))


def _told(facts: dict[str, object]) -> str:
    said = (
        f"Rows: {facts['added']:,} added, {facts['removed']:,} removed, "
        f"{facts['changed_rows']:,} changed (cells: {facts['changed_cells']:,}), "
        f"{facts['unchanged']:,} as they were."
    )
    columns = [
        f"Columns {what}: {', '.join(map(str, names))}."
        for what, names in (
            ("only here", facts["columns_added"]), ("only there", facts["columns_removed"]),
        )
        if isinstance(names, list) and names
    ]  # fmt: skip
    changed = facts["changed_by_column"]
    shown = (
        table(["Column", "Changed cells"], [[name, count] for name, count in changed.items()])
        if isinstance(changed, dict) and changed
        else []
    )
    return "\n\n".join([said, *columns, *(["\n".join(shown)] if shown else [])])


@operation(
    "diff",
    commands=("diff", "compare"),
    summary="List what changed against another file: rows added, removed, cells changed",
    help=(
        "This file is the new one, the other the old one; rows with equal keys are compared cell "
        "by cell. A changed cell gives one row with the value before and after; an added or "
        "removed row gives one row with its cells. Of rows that repeat a key the first counts."
    ),
    arguments=(
        Argument(
            "with",
            "text",
            "The older spreadsheet, by its name; by default the only other one there is.",
            aliases=("other_file", "bind_file", "against", "file2"),
        ),
        Argument(
            "key_columns",
            "columns",
            "The columns that tell rows apart; by default the first one.",
            aliases=("on", "by", "key", "keys", "comparison_columns", "comparison_column"),
            bare=True,
        ),
        Argument("ignore", "columns", "Columns whose changes do not matter.", aliases=("except",)),
        OUTPUT_NAME,
    ),
    examples=("/diff on=email", "/diff with=march.xlsx on=id ignore=updated"),
    suffix="diff",
    group="Combine",
    title=lambda arguments: f"Compare with {arguments['with'] or 'the other file'}",
    opens="with",
    look=_look,
    resizes=True,
)
def diff(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    other: Table = arguments["with"]
    pairs = _pairs(arguments, frame.collect_schema().names(), other)
    return spread(Meeting(frame, other.frame, pairs).rows, pairs)
