"""Columns of another file, row by row."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chat_bridge.errors import MissingArgument, UnknownColumn
from chat_bridge.workflow import values
from chat_bridge.workflow.arguments import named, pairs
from chat_bridge.workflow.columns import match, resolve, resolve_one
from chat_bridge.workflow.operations.combine.second import there
from chat_bridge.workflow.registry import (
    OUTPUT_NAME,
    Argument,
    Arguments,
    nearest,
    operation,
    unchanged,
)
from chat_bridge.workflow.tables.frames import About, Look, Table

if TYPE_CHECKING:
    import polars as pl

_INDEX = "\x00index"


def _check_mapping(arguments: Arguments) -> Arguments:
    if not arguments["column_mapping"]:
        raise MissingArgument(
            "/paste needs 'column_mapping', for example: /paste price=new_price",
            argument="column_mapping",
        )
    return named("paste", arguments)


_PASTED = (
    Argument(
        "source_file",
        "text",
        "The other spreadsheet, by its name; by default the only other one there is.",
        aliases=("with", "from"),
    ),
    Argument(
        "column_mapping",
        "mapping",
        "Column of this table to column of the other file.",
        aliases=("mapping",),
        gather=pairs,
    ),
    OUTPUT_NAME,
)


def _pasted(arguments: Arguments) -> str:
    return ", ".join(f"{new} from {old}" for new, old in arguments["column_mapping"].items())


@operation(
    "file/bind",
    commands=("paste",),
    aliases=("files/bind",),
    summary="Replace columns by columns of another file, row by row",
    help=(
        "The first row gets the other file's first cell, and so on; where the other file is "
        "shorter cells are blank, where it is longer the rest is left out."
    ),
    arguments=_PASTED,
    examples=("/paste price=new_price", "/paste price=new_price from=prices.xlsx"),
    suffix="bound",
    group="Combine",
    title=lambda arguments: f"Paste {_pasted(arguments)}",
    check=_check_mapping,
    opens="source_file",
)
def paste(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    import polars as pl

    other: Table = arguments["source_file"]
    names = frame.collect_schema().names()
    mapping = {new: str(old) for new, old in arguments["column_mapping"].items()}
    _check_both(mapping, names, other.columns)
    resolve(mapping, names)
    sources = list(dict.fromkeys(mapping.values()))
    spelled = dict(zip(sources, there(sources, other), strict=True))
    found = {resolve_one(new, names): spelled[old] for new, old in mapping.items()}
    theirs = other.frame.select(
        values.column(old).alias(f"\x00{new}") for new, old in found.items()
    ).with_row_index(_INDEX)
    joined = frame.with_row_index(_INDEX).join(theirs, on=_INDEX, how="left", maintain_order="left")
    return joined.select(
        pl.col(f"\x00{name}").alias(name) if name in found else values.column(name)
        for name in names
    )


def _previewed(frame: "pl.LazyFrame", arguments: Arguments, about: About) -> Look:
    import polars as pl

    other: Table = arguments["source_file"]
    names = frame.collect_schema().names()
    issues = list(issues_of(arguments["column_mapping"], names, other.columns))
    rows = int(frame.select(pl.len()).collect(engine="streaming").item())
    facts = {
        "source_columns": list(other.columns),
        "target_columns": names,
        "source_rows": other.rows,
        "target_rows": rows,
        "mapping_valid": not issues,
        "issues": issues,
    }
    told = "The columns fit." if not issues else "\n".join(f"- {issue}" for issue in issues)
    return Look(
        facts, f"{about.name} has {rows:,} rows, the other file {other.rows or 0:,}.\n\n{told}"
    )


def _check_both(mapping: Mapping[str, str], target: Sequence[str], source: Sequence[str]) -> None:
    """Where both files lack columns, one sentence names all of them."""
    here = [new for new in mapping if match(new, target) is None]
    there_too = [old for old in mapping.values() if match(old, source) is None]
    if here and there_too:
        raise UnknownColumn(
            f"{', '.join(issues_of(mapping, target, source))}.",
            column=here[0],
            missing=[*here, *there_too],
            nearest=nearest(here[0], target),
            columns=list(target),
        )


def issues_of(
    mapping: Mapping[str, Any], target: Sequence[str], source: Sequence[str]
) -> Sequence[str]:
    """Both sides of each pair, the source's first."""
    issues = []
    for new, old in mapping.items():
        if match(str(old), source) is None:
            issues.append(f"Source column '{old}' not found")
        if match(new, target) is None:
            issues.append(f"Target column '{new}' not found")
    return issues


operation(
    "file/bind-preview",
    commands=("paste-preview",),
    aliases=("files/bind/preview",),
    summary="Say whether a /paste would find its columns",
    help="Nothing is written.",
    arguments=_PASTED,
    examples=("/paste-preview price=new_price",),
    suffix="",
    gives="answer",
    group="Combine",
    title=lambda arguments: f"Check pasting {_pasted(arguments)}",
    check=_check_mapping,
    opens="source_file",
    look=_previewed,
)(unchanged)
