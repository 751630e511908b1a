"""Cells as pieces of JSON."""

import json
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values

if TYPE_CHECKING:
    import polars as pl


def plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def encoded(cell: "pl.Expr") -> "pl.Expr":
    """A text as a JSON string; null stays null."""
    import polars as pl

    boxed = pl.struct(cell.alias("v")).struct.json_encode()
    bare = boxed.str.strip_prefix('{"v":').str.strip_suffix("}")
    return pl.when(cell.is_not_null()).then(bare)


def native(name: str, dtype: "pl.DataType") -> "pl.Expr":
    """A cell as JSON: numbers and truth as they are, moments as ISO, all else as text."""
    import polars as pl

    cell = values.column(name)
    if dtype == pl.Boolean:
        return pl.when(cell).then(pl.lit("true")).when(~cell).then(pl.lit("false"))
    if dtype.is_float():
        return pl.when(cell.is_finite()).then(cell.cast(pl.String))
    if dtype.is_numeric():
        return cell.cast(pl.String)
    if isinstance(dtype, pl.Datetime):
        return encoded(cell.dt.to_string("%Y-%m-%dT%H:%M:%S"))
    return encoded(values.text(name, dtype))
