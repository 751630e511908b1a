"""What stands around the records: a list, nothing, or an object with their count."""

from typing import TYPE_CHECKING

from chat_bridge.workflow.operations.records.layout import STEP, Layout
from chat_bridge.workflow.tables.frames import Text

if TYPE_CHECKING:
    import polars as pl

NOUN = ("record", "records")


def height(frame: "pl.LazyFrame") -> int:
    import polars as pl

    return int(frame.select(pl.len()).collect(engine="streaming").item())


def level_of(shape: str) -> int:
    """How deep a record stands in the whole."""
    return {"bare": 0, "array": 1, "nested": 2}[shape]


def wrapped(
    frame: "pl.LazyFrame", record: "pl.Expr", layout: Layout, shape: str, *, rows: int | None
) -> Text:
    """`rows` is known for the shapes that depend on it."""
    import polars as pl

    level = level_of(shape)
    pad = STEP * level if layout.pretty else ""
    # Not a plain select: a template without any cell is there for every row all the same.
    piece = pl.concat_str(pl.lit(pad), record).alias("record")
    lines = frame.with_columns(piece).select("record")
    within = "\n" if layout.pretty else ""
    if shape == "bare":
        return Text(lines, "json", suffix="", empty="{}", noun=NOUN)
    comma = ",\n" if layout.pretty else ", "
    prefix, suffix, empty = f"[{within}", f"{within}]", "[]"
    if shape == "nested":
        one, two = layout.break_(1), layout.break_(0)
        count = f'{layout.comma(1)}"count": {rows}{two}}}'
        prefix, suffix = f'{{{one}"items": [{within}', f"{one}]{count}"
        empty = f'{{{one}"items": []{count}'
    return Text(
        lines, "json", prefix=prefix, separator=comma, suffix=suffix, empty=empty, noun=NOUN
    )
