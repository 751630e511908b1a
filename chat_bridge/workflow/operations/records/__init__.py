"""Operations that write JSON."""

from typing import TYPE_CHECKING, Any

from chat_bridge.errors import UnknownColumn
from chat_bridge.workflow import columns
from chat_bridge.workflow.arguments import named, pairs, refused
from chat_bridge.workflow.json_cells import native, plain
from chat_bridge.workflow.operations.records import templated
from chat_bridge.workflow.operations.records.layout import Layout
from chat_bridge.workflow.operations.records.shapes import height, level_of, wrapped
from chat_bridge.workflow.registry import (
    OUTPUT_NAME,
    Argument,
    Arguments,
    operation,
    unchanged,
)
from chat_bridge.workflow.tables.frames import About, Text

if TYPE_CHECKING:
    import polars as pl

PRETTY = Argument(
    "pretty_print", "boolean", "Indented by two spaces, else one line.", aliases=("pretty",),
    default=True,
)  # fmt: skip
BLANKS = {"include": "null", "default": '""'}


def keys_of(mapping: dict[str, Any], names: list[str]) -> dict[str, str]:
    """Column to JSON key. Clients send it either way round: columns are known by their names."""
    given = {str(column): str(key) for column, key in mapping.items()}
    forward = all(columns.match(name, names) is not None for name in given)
    if not forward and all(columns.match(name, names) is not None for name in given.values()):
        given = {column: key for key, column in given.items()}
    columns.resolve(given, names)
    keys = {columns.resolve_one(name, names): key for name, key in given.items()}
    if twice := next((key for key in keys.values() if list(keys.values()).count(key) > 1), None):
        raise refused("to-json", "column_mapping", f"two columns would be named '{twice}'")
    return keys


def _compose(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Text:
    import polars as pl

    schema = frame.collect_schema()
    names = columns.resolve(arguments["columns"] or schema.names(), schema.names())
    mapping = arguments["column_mapping"] or {name: name for name in names}
    try:
        keys = keys_of(mapping, names)
    except UnknownColumn:
        columns.resolve_kept(mapping, names, schema.names())
        raise
    rows = None if arguments["array_wrapper"] else height(frame)
    shape = "bare" if rows is not None and rows <= 1 else "array"
    layout = Layout(arguments["pretty_print"])
    blank = BLANKS.get(arguments["null_handling"])
    fields = []
    for name, key in keys.items():
        cell = native(name, schema[name])
        shown = cell if blank is None else cell.fill_null(pl.lit(blank))
        fields.append(pl.concat_str(pl.lit(f"{plain(key)}: "), shown))
    return wrapped(frame, layout.record(fields, level_of(shape)), layout, shape, rows=rows)


operation(
    "json/generate",
    commands=("to-json", "json"),
    summary="Write the rows as JSON",
    help="Every cell stays text. Without arguments every column is there under its own name.",
    arguments=(
        Argument("columns", "columns", "Only these columns; all by default."),
        Argument(
            "column_mapping",
            "mapping",
            "Column to key, or key to column.",
            aliases=("mapping",),
            gather=pairs,
        ),
        PRETTY,
        Argument(
            "null_handling",
            "choice",
            "Blank cells: include is null, exclude leaves the key out, default is an empty text.",
            aliases=("blanks",),
            default="include",
            choices=("include", "exclude", "default"),
        ),
        Argument(
            "array_wrapper",
            "boolean",
            "A list even around one record.",
            aliases=("array_format", "array"),
            default=True,
        ),
        OUTPUT_NAME,
    ),
    examples=("/to-json", "/to-json id=customer_id name pretty=no", "/to-json blanks=exclude"),
    suffix="json",
    gives="json",
    group="Convert and export",
    title=lambda _: "Write JSON",
    check=lambda arguments: named("to-json", arguments),
    compose=_compose,
)(unchanged)


def _check_template(arguments: Arguments) -> Arguments:
    template = arguments["template"]
    if not isinstance(template, dict):
        raise refused("json-template", "template", 'it is no JSON object, such as {"id": "{id}"}')
    if not template:
        raise refused("json-template", "template", "it is empty")
    return named("json-template", arguments)


operation(
    "json/generate-with-template",
    commands=("json-template",),
    summary="Write a JSON object of your own for every row",
    help=(
        "`{column}` is the cell; alone in its quotes `{column:int}` is a number (also float, "
        "bool), `{column|default}` has a default for blank cells; `{{` and `}}` are braces."
    ),
    arguments=(
        Argument("template", "json", "The object, with placeholders.", required=True),
        Argument(
            "column_mapping",
            "mapping",
            "Placeholder to column; by default columns by their names.",
            aliases=("mapping",),
            gather=pairs,
        ),
        PRETTY,
        Argument(
            "aggregation_mode",
            "choice",
            "A list; one object when there is one row; or {items, count}.",
            aliases=("mode",),
            default="array",
            choices=("array", "single", "nested"),
        ),
        OUTPUT_NAME,
    ),
    examples=(
        '/json-template template={"who": "{name}", "paid": "{amount:float}"}',
        '/json-template template={"who": "{n}"} n=name mode=nested',
    ),
    suffix="json_template",
    gives="json",
    group="Convert and export",
    title=lambda _: "Write JSON by a template",
    check=_check_template,
    compose=templated.compose,
)(unchanged)
