"""What columns are called, and which make up the table."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chat_bridge.errors import MissingArgument
from chat_bridge.workflow import values
from chat_bridge.workflow.arguments import pairs, refused
from chat_bridge.workflow.columns import match, resolve_one
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, nearest, operation

if TYPE_CHECKING:
    import polars as pl

MOST_EXACT = 10**15


def _check(arguments: Arguments) -> Arguments:
    """`mapping` is new to old; `column_mapping`, of other clients, old to new."""
    mapping, renaming = arguments["mapping"], arguments["column_mapping"]
    if not mapping and not renaming:
        raise MissingArgument(
            "/map needs 'mapping', for example: /map Name='Full name' city", argument="mapping"
        )
    if mapping and renaming:
        raise refused("map", "column_mapping", "'mapping' says the same the other way round")
    if renaming:
        _check_names("map", renaming)
    keep = arguments["keep_unmapped"]
    return {
        "mapping": {str(new): _rule(rule) for new, rule in (mapping or {}).items()},
        "column_mapping": renaming,
        "keep_unmapped": bool(renaming) if keep is None else keep,
        "output_filename": arguments["output_filename"],
    }


def _rule(rule: Any) -> dict[str, Any]:
    """A text is a source; what is no rule gives a blank column."""
    if isinstance(rule, str):
        return {"source": rule, "default": None}
    if isinstance(rule, Mapping):
        source = rule.get("source")
        return {"source": None if source is None else str(source), "default": rule.get("default")}
    return {"source": None, "default": None}


def _check_names(command: str, renaming: Mapping[str, Any]) -> None:
    names = list(renaming.values())
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise refused(command, "column_mapping", "every column needs a name")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise refused(command, "column_mapping", f"two columns would be named '{twice}'")


def _unknown_sources(arguments: Arguments, names: Sequence[str]) -> list[str]:
    told = []
    for new, rule in arguments["mapping"].items():
        source = rule["source"]
        if source is not None and match(source, names) is None:
            close = nearest(source, names)
            hint = f" Did you mean '{close}'?" if close else ""
            filled = "blank" if rule["default"] is None else "filled with its default"
            told.append(f"There is no column '{source}', so '{new}' is {filled}.{hint}")
    return told


def _title(arguments: Arguments) -> str:
    names = arguments["mapping"] or arguments["column_mapping"].values()
    return f"Map columns to {', '.join(names)}"


@operation(
    "excel/map-columns",
    commands=("map", "map-columns"),
    summary="Make a table of new columns from old ones",
    help=(
        "`new=old` names a new column and where it comes from; a name alone keeps that column. "
        "As JSON a rule may have a default for blank cells: "
        '`mapping={"City": {"source": "town", "default": "unknown"}}`. '
        "Only mapped columns stay, in the order named."
    ),
    arguments=(
        Argument(
            "mapping", "mapping", "New name to old name, or to {source, default}.", gather=pairs
        ),
        Argument("column_mapping", "mapping", "Old name to new name, the other way round."),
        Argument(
            "keep_unmapped",
            "boolean",
            "Keep the other columns too; yes by default with column_mapping.",
        ),
        OUTPUT_NAME,
    ),
    examples=(
        "/map Name='Full name' city",
        '/map mapping={"City": {"source": "town", "default": "?"}}',
    ),
    suffix="mapped",
    group="Columns",
    title=_title,
    check=_check,
    remark=_unknown_sources,
)
def map_columns(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    import polars as pl

    schema = frame.collect_schema()
    if arguments["column_mapping"]:
        return _renamed(frame, arguments["column_mapping"], "map", keep=arguments["keep_unmapped"])
    made = [_made(new, rule, schema) for new, rule in arguments["mapping"].items()]
    # A table of constants alone would have one row: they join the old columns first.
    fresh = frame.with_columns(made)
    new = [pl.col(f"\x00{name}").alias(name) for name in arguments["mapping"]]
    if not arguments["keep_unmapped"]:
        return fresh.select(new)
    used = {match(rule["source"] or "", schema.names()) for rule in arguments["mapping"].values()}
    rest = [n for n in schema.names() if n not in used and n not in arguments["mapping"]]
    return fresh.select(*new, *map(values.column, rest))


def _made(new: str, rule: Mapping[str, Any], schema: "pl.Schema") -> "pl.Expr":
    default, own = rule["default"], f"\x00{new}"
    source = None if rule["source"] is None else match(rule["source"], schema.names())
    if source is None:
        return _constant(default).alias(own)
    cell = values.column(source)
    if default is not None:
        filling = values.text_of(_constant(default), _kind(default))
        cell = values.text(source, schema[source]).fill_null(filling)
    return cell.alias(own)


def _constant(default: Any) -> "pl.Expr":
    """What JSON says: a number is a number, in a column that has nothing else."""
    import polars as pl

    plain = default is None or isinstance(default, (str, int, float))
    told = default if plain else json.dumps(default, ensure_ascii=False)
    return pl.lit(str(told) if _is_huge(told) else told, dtype=_kind(told))


def _kind(default: Any) -> "pl.DataType":
    import polars as pl

    if isinstance(default, bool):
        return pl.Boolean()
    if isinstance(default, float):
        return pl.Float64()
    whole = isinstance(default, int) and not _is_huge(default)
    return pl.Int64() if whole else pl.String()


def _is_huge(number: Any) -> bool:
    """Beyond what a cell can hold as a number."""
    return isinstance(number, int) and abs(number) > MOST_EXACT


def _renamed(
    frame: "pl.LazyFrame", renaming: Mapping[str, str], command: str, *, keep: bool
) -> "pl.LazyFrame":

    names = frame.collect_schema().names()
    found = {resolve_one(old, names): new for old, new in renaming.items()}
    kept = names if keep else list(found)
    after = [found.get(name, name) for name in kept]
    if twice := next((name for name in after if after.count(name) > 1), None):
        raise refused(command, "column_mapping", f"two columns would be named '{twice}'")
    return frame.select(values.column(old).alias(new) for old, new in zip(kept, after, strict=True))


def _check_renaming(arguments: Arguments) -> Arguments:
    if not arguments["column_mapping"]:
        raise MissingArgument(
            "/rename needs 'column_mapping', for example: /rename amt=amount",
            argument="column_mapping",
        )
    _check_names("rename", arguments["column_mapping"])
    if same := next((old for old, new in arguments["column_mapping"].items() if old == new), None):
        raise refused(
            "rename", "column_mapping", f"Write '{same}=another name' to say what it becomes"
        )
    return arguments


@operation(
    "rename-columns",
    commands=("rename",),
    summary="Give columns other names",
    help="`old=new`; all columns stay where they are.",
    arguments=(
        Argument(
            "column_mapping",
            "mapping",
            "Old name to new name.",
            aliases=("mapping", "columns"),
            gather=pairs,
        ),
        OUTPUT_NAME,
    ),
    examples=("/rename amt=amount", "/rename 'Full name'=name tel=phone"),
    suffix="renamed",
    group="Columns",
    title=lambda arguments: (
        "Rename " + ", ".join(f"{old} to {new}" for old, new in arguments["column_mapping"].items())
    ),
    check=_check_renaming,
)
def rename(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    return _renamed(frame, arguments["column_mapping"], "rename", keep=True)
