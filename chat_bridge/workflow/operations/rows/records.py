"""Found rows as JSON, in the layout of the founding system: two spaces, ASCII only."""

import json
import re
from typing import TYPE_CHECKING

from chat_bridge.workflow.json_cells import native
from chat_bridge.workflow.registry import Arguments
from chat_bridge.workflow.tables.frames import About, Text

if TYPE_CHECKING:
    import polars as pl

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def compose(frame: "pl.LazyFrame", _: Arguments, __: About) -> Text:
    """A blank cell is an empty text, as it is in the file."""
    import polars as pl

    fields = [
        pl.concat_str(
            pl.lit(f"    {json.dumps(name, ensure_ascii=False)}:"),
            native(name, dtype).fill_null(pl.lit('""')),
        )
        for name, dtype in frame.collect_schema().items()
    ]
    line = pl.concat_str(
        pl.lit("  {\n"), pl.concat_str(fields, separator=",\n"), pl.lit("\n  }")
    ).str.replace_all("/", "\\/", literal=True)
    ascii_only = line.map_batches(escaped, return_dtype=pl.String, is_elementwise=True)
    lines = frame.with_columns(ascii_only.alias("record")).select("record")
    return Text(
        lines, "json", prefix="[\n", separator=",\n", suffix="\n]", empty="[\n\n]",
    )  # fmt: skip


def escaped(lines: "pl.Series") -> "pl.Series":
    """Letters beyond ASCII as `\\uXXXX`; lines without any are only looked at."""
    import polars as pl

    beyond = lines.str.contains(r"[^\x00-\x7f]").fill_null(False)
    if not beyond.any():
        return lines
    told = [_BEYOND_ASCII.sub(_unit, line) for line in lines.filter(beyond)]
    return lines.scatter(beyond.arg_true(), pl.Series(told, dtype=pl.String))


def _unit(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
