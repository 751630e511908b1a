"""A table as INSERT statements, one a row."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import columns
from chat_bridge.workflow.operations.scripts.builder import filled
from chat_bridge.workflow.operations.scripts.dialects import DIALECTS, Dialect
from chat_bridge.workflow.operations.scripts.increments import Increment
from chat_bridge.workflow.operations.scripts.literals import literal, survey, told
from chat_bridge.workflow.registry import Arguments
from chat_bridge.workflow.tables.frames import About, Text

if TYPE_CHECKING:
    import polars as pl

INDEX = "\x00index"
NOUN = ("INSERT statement", "INSERT statements")


def mapping_of(arguments: Arguments, names: list[str]) -> dict[str, str]:
    """SQL column to table column; all columns by default."""
    given: Mapping[str, Any] = arguments["column_mapping"] or {name: name for name in names}
    columns.resolve(map(str, given.values()), names)
    return {sql: columns.resolve_one(str(name), names) for sql, name in given.items()}


def compose(frame: "pl.LazyFrame", arguments: Arguments, about: About) -> Text:
    dialect = DIALECTS[arguments["database_type"]]
    schema = frame.collect_schema()
    mapping = mapping_of(arguments, schema.names())
    used = list(dict.fromkeys(mapping.values()))
    found = survey(frame, used, infer=arguments["types"] == "infer")
    cells = {
        sql: literal(told(name, schema[name]), found.kinds[name], dialect)
        for sql, name in mapping.items()
    }
    increment = Increment(**arguments["auto_increment"])
    table = arguments["table_name"] or table_name(about.name)
    if arguments["template"]:
        line = filled(arguments["template"], cells, increment, dialect)
    else:
        line = _insert(dialect.table(table), cells, increment, dialect)
    # Not a plain select: a line without any cell is there for every row all the same.
    lines = frame.with_row_index(INDEX).with_columns(line.alias("line")).select("line")
    return _script(lines, table, arguments, rows=found.rows)


def _insert(
    table: str, cells: Mapping[str, "pl.Expr"], increment: Increment, dialect: Dialect
) -> "pl.Expr":
    """A column the database or we number is not taken from the table too."""
    import polars as pl

    taken = increment.enabled and increment.increment_type != "none"
    mapped = {sql: c for sql, c in cells.items() if not (taken and sql == increment.column_name)}
    if increment.enabled and not increment.by_database:
        mapped = {increment.column_name: number(increment, dialect), **mapped}
    names = ", ".join(map(dialect.identifier, mapped))
    values = pl.concat_str(list(mapped.values()), separator=", ")
    return pl.concat_str(pl.lit(f"INSERT INTO {table} ({names}) VALUES ("), values, pl.lit(");"))


def number(increment: Increment, dialect: Dialect) -> "pl.Expr":
    """What stands for the numbered column: an expression of the database, or a running number."""
    import polars as pl

    fixed = increment.fixed(dialect)
    return pl.lit(fixed) if fixed is not None else running(increment)


def running(increment: Increment) -> "pl.Expr":
    import polars as pl

    return (pl.col(INDEX).cast(pl.Int64) + increment.start_value).cast(pl.String)


def table_name(file: str) -> str:
    """`Customers 2024.csv` is `customers_2024`."""
    stem = PurePath(file.replace("\\", "/")).stem.lower()
    name = re.sub(r"\W+", "_", stem).strip("_") or "data"
    return f"t_{name}" if name[0].isdigit() else name


def _script(lines: "pl.LazyFrame", table: str, arguments: Arguments, *, rows: int) -> Text:
    """Two heads, as readers of these files know them: of the file, and of the statements."""
    dialect = DIALECTS[arguments["database_type"]]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    shown = " ".join(table.split())
    head = [
        "-- Generated SQL statements",
        f"-- Database: {dialect.name}",
        f"-- Table: {shown}",
        f"-- Generated at: {now}",
        f"-- Total rows: {rows}",
        "",
    ]
    within = bool(arguments["include_transaction"])
    opening = [dialect.opening] if within else []
    closing = ["COMMIT;"] if within else []
    count = len(head) + len(opening) + rows + len(closing)
    before = [*file_head(count, now), *head, *opening]
    first, last = [*head, *opening], closing

    def answered(pieces: list[str]) -> dict[str, Any]:
        return {"success": True, "statements": [*first, *pieces, *last]}

    return Text(
        lines,
        arguments["output_format"],
        prefix="\n".join([*before, ""]),
        suffix="\n".join(["", *closing, ""]),
        empty="\n".join([*before, *closing, ""]),
        noun=NOUN,
        data={
            "table_name": table,
            "database_type": dialect.name,
            "total_statements": count,
            "generated_at": now,
        },
        answer=None if arguments["return_file"] else answered,
    )


def file_head(statements: int, now: str) -> list[str]:
    return [
        "-- Generated by Chat Bridge",
        f"-- Generated at: {now}",
        f"-- Total statements: {statements}",
        "",
    ]
