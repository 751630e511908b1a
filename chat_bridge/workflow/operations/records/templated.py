"""A JSON template, copied for every row."""

from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import templates
from chat_bridge.workflow.json_cells import encoded
from chat_bridge.workflow.operations.records.layout import Layout
from chat_bridge.workflow.operations.records.shapes import height, level_of, wrapped
from chat_bridge.workflow.registry import Arguments
from chat_bridge.workflow.tables.frames import About, Text
from chat_bridge.workflow.templates import Cells, Part, Placeholder

if TYPE_CHECKING:
    import polars as pl


def compose(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Text:
    import polars as pl

    schema = frame.collect_schema()
    mapping = templates.mapped(arguments["column_mapping"], schema.names())
    cells = Cells(schema, mapping)
    mode = arguments["aggregation_mode"]
    rows = height(frame) if mode != "array" else None
    shape = "bare" if mode == "single" and rows == 1 else "nested" if mode == "nested" else "array"
    layout = Layout(arguments["pretty_print"])
    parsed = {text: templates.parse(text) for text in _texts(arguments["template"])}
    leaf = {text: _leaf(parts, cells) for text, parts in parsed.items()}
    pieces = layout.tree(arguments["template"], level_of(shape), leaf)
    record = pl.concat_str([pl.lit(p) if isinstance(p, str) else p for p in pieces])
    text = wrapped(frame, record, layout, shape, rows=rows)
    every = [part for parts in parsed.values() for part in parts]
    missing = templates.unknown(every, lambda name: cells.column(name) is not None)
    told = tuple(f"'{name}' is neither mapped nor a column: null." for name in missing)
    return Text(**{**vars(text), "warnings": told})


def _texts(node: Any) -> set[str]:
    """Every text in a template that is a value."""
    if isinstance(node, str):
        return {node}
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return {text for value in inside for text in _texts(value)}


def _leaf(parts: tuple[Part, ...], cells: Cells) -> "pl.Expr":
    """A text that is one placeholder has its own type; any other is a text."""
    import polars as pl

    if len(parts) == 1 and isinstance(parts[0], Placeholder):
        return _value(parts[0], cells)
    shown = [pl.lit(p) if isinstance(p, str) else _within(p, cells) for p in parts]
    return encoded(pl.concat_str(pl.lit(""), *shown))


def _value(wanted: Placeholder, cells: Cells) -> "pl.Expr":
    import polars as pl

    cell = cells.text(wanted)
    if cell is None:
        return pl.lit("null")
    typed = _typed(wanted, cell, ("true", "false"))
    if typed is None:
        return encoded(cell).fill_null(pl.lit('""'))
    return pl.coalesce(typed, encoded(cell), pl.lit("null"))


def _within(wanted: Placeholder, cells: Cells) -> "pl.Expr":
    import polars as pl

    cell = cells.text(wanted)
    if cell is None:
        return pl.lit("")
    typed = _typed(wanted, cell, ("True", "False"))
    shown = cell if typed is None else pl.coalesce(typed, cell)
    return shown.fill_null(pl.lit(""))


def _typed(wanted: Placeholder, cell: "pl.Expr", words: tuple[str, str]) -> "pl.Expr | None":
    import polars as pl

    if wanted.type == "int":
        return templates.whole(cell)
    if wanted.type == "float":
        return templates.decimal(cell)
    if wanted.type == "bool":
        yes = templates.truth(cell)
        return pl.when(yes).then(pl.lit(words[0])).when(~yes).then(pl.lit(words[1]))
    return None
