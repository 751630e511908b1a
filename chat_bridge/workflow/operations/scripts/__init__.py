"""Operations that write SQL."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chat_bridge.errors import MissingArgument
from chat_bridge.workflow import columns, values
from chat_bridge.workflow.arguments import named, pairs, refused
from chat_bridge.workflow.operations.scripts import filling, increments, inserts
from chat_bridge.workflow.operations.scripts.dialects import DIALECTS, SPELLINGS
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation

if TYPE_CHECKING:
    import polars as pl

COLUMNS = Argument("columns", "columns", "Only these columns; all by default.")
MAPPING = Argument(
    "column_mapping",
    "mapping",
    "Name in SQL to column; by default every column under its own name.",
    aliases=("mapping",),
    gather=pairs,
)
DATABASE = Argument(
    "database_type",
    "choice",
    "Whose SQL it is.",
    aliases=("database", "db", "dialect"),
    default="postgresql",
    choices=tuple(DIALECTS),
    spellings=SPELLINGS,
)
NUMBERED = Argument(
    "auto_increment",
    "json",
    "A numbered column: yes, a type such as uuid, or {enabled, column_name, increment_type, "
    "start_value, sequence_name}.",
    aliases=("autoincrement",),
)
DISTINCT = Argument(
    "remove_duplicates", "boolean", "Each row once.", aliases=("unique", "distinct"), default=False
)
INSERTING = (
    Argument(
        "table_name",
        "text",
        "The table to insert into; by default named like the file.",
        aliases=("table", "into"),
    ),
    MAPPING,
    COLUMNS,
    DATABASE,
    NUMBERED,
    DISTINCT,
    Argument(
        "types",
        "choice",
        "infer writes columns of numbers, truth and moments without quotes; text quotes all.",
        default="infer",
        choices=("infer", "text"),
    ),
    Argument(
        "template", "text", "A line of your own with {name}, {auto_id} and {current_timestamp}."
    ),
    Argument("include_transaction", "boolean", "All rows or none.", default=True),
    Argument("batch_size", "integer", "Accepted; every row is a statement.", default=1000),
    Argument("sheet_name", "text", "Accepted; sheet= picks the sheet."),
    Argument("return_file", "boolean", "A file; no answers with the statements.", default=True),
)


def _format(default: str) -> Argument:
    return Argument(
        "output_format",
        "choice",
        "How the file's name ends.",
        aliases=("format",),
        default=default,
        choices=("sql", "txt"),
    )


def _check(arguments: Arguments) -> Arguments:
    name = arguments["table_name"]
    if name is not None and not name.strip():
        raise refused("to-sql", "table_name", "it is blank")
    if name:
        DIALECTS[arguments["database_type"]].table(name.strip())
    return {
        **named("to-sql", arguments),
        "table_name": name.strip() if name else None,
        "auto_increment": asdict(increments.read(arguments["auto_increment"])),
    }


def _check_template(arguments: Arguments) -> Arguments:
    template = filling.unwrapped(arguments["template"])
    if not template.strip():
        raise MissingArgument("/sql-template needs a template, it is blank", argument="template")
    return {
        **named("sql-template", arguments),
        "template": template,
        "auto_increment": asdict(increments.read(arguments["auto_increment"])),
    }


def _chosen(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    """Only the columns asked for, each row once if asked."""
    names = frame.collect_schema().names()
    if arguments["columns"]:
        kept = columns.resolve(arguments["columns"], names)
        columns.resolve_kept((arguments["column_mapping"] or {}).values(), kept, names)
        frame = frame.select(map(values.column, kept))
    if arguments["remove_duplicates"]:
        return frame.unique(keep="first", maintain_order=True)
    return frame


def _mapped(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    """Of these, those that are written."""
    names = frame.collect_schema().names()
    chosen = columns.resolve(arguments["columns"] or names, names)
    columns.resolve_kept((arguments["column_mapping"] or {}).values(), chosen, names)
    mapping = inserts.mapping_of(arguments, chosen)
    written = frame.select(map(values.column, dict.fromkeys(mapping.values())))
    return _chosen(written, {**arguments, "columns": None})


def _title(arguments: Arguments) -> str:
    table = arguments["table_name"] or "a table named like the file"
    return f"Write INSERT statements for {table} ({arguments['database_type']})"


def _inserting(name: str, *commands: str, suffix: str, summary: str, **facts: Any) -> None:
    operation(
        name,
        commands=commands,
        suffix=suffix,
        summary=summary,
        gives="sql",
        group="Convert and export",
        title=_title,
        check=_check,
        compose=inserts.compose,
        dropped=("duplicate removed", "duplicates removed"),
        drops=lambda arguments: bool(arguments["remove_duplicates"]),
        **facts,
    )(_mapped)


_HELP = (
    "Without arguments every column goes into a table named like the file. `sql_name=column` "
    "picks and names columns. Blank cells are NULL; names that need quotes get them."
)
_inserting(
    "sql/generate",
    "to-sql",
    "sql",
    suffix="sql",
    summary="Write INSERT statements",
    help=_HELP,
    arguments=(*INSERTING, _format("sql"), OUTPUT_NAME),
    examples=(
        "/to-sql",
        "/to-sql table=customers full_name='Full name' city database=mysql",
        "/to-sql table=customers auto_increment=uuid",
    ),
)
_inserting(
    "sql/generate-to-text",
    "to-sql-text",
    suffix="sql_text",
    summary="Write INSERT statements of some columns, each row once if you like",
    help=_HELP,
    arguments=(*INSERTING, _format("sql"), OUTPUT_NAME),
    examples=("/to-sql-text columns=name,city unique=yes format=txt",),
)

operation(
    "sql/generate-custom-to-text",
    commands=("sql-template", "to-custom-sql"),
    summary="Write a line of SQL of your own for every row",
    help=(
        "`{column}` is the cell as a literal, `{column:int}` a number (also float, bool, string), "
        "`{column|default}` has a default for blank cells, `{%column%}` puts LIKE wildcards inside "
        "the quotes. Inside quotes of yours a cell is only escaped. `{auto_id}` counts rows, "
        "`{current_timestamp}` is the time; `{{` and `}}` are braces."
    ),
    arguments=(
        Argument("template", "text", "The line, with placeholders.", required=True),
        MAPPING,
        COLUMNS,
        DATABASE,
        NUMBERED,
        DISTINCT,
        Argument("sheet_name", "text", "Accepted; sheet= picks the sheet."),
        _format("sql"),
        OUTPUT_NAME,
    ),
    examples=(
        '/sql-template template="UPDATE people SET city={city} WHERE name={name};"',
        '/sql-template template="DELETE FROM t WHERE name LIKE {%name%};"',
    ),
    suffix="sql_custom",
    gives="sql",
    group="Convert and export",
    title=lambda arguments: f"Fill in {arguments['template']}",
    check=_check_template,
    compose=filling.compose,
    dropped=("duplicate removed", "duplicates removed"),
    drops=lambda arguments: bool(arguments["remove_duplicates"]),
)(_chosen)
