"""JSON as pieces of text: one expression a row, laid out as `json.dumps` does it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values

if TYPE_CHECKING:
    import polars as pl

STEP = "  "


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


@dataclass(frozen=True)
class Layout:
    """Two spaces a level when it is pretty, else one line."""

    pretty: bool

    def break_(self, level: int) -> str:
        return "\n" + STEP * level if self.pretty else ""

    def comma(self, level: int) -> str:
        return f",{self.break_(level)}" if self.pretty else ", "

    def record(self, fields: Sequence["pl.Expr"], level: int) -> "pl.Expr":
        """An object of `"key": value` texts; a field that is null is left out."""
        import polars as pl

        joined = pl.concat_str(fields, separator=self.comma(level + 1), ignore_nulls=True)
        shown = pl.concat_str(
            pl.lit("{" + self.break_(level + 1)), joined, pl.lit(self.break_(level) + "}")
        )
        nothing = pl.all_horizontal(field.is_null() for field in fields)
        return pl.when(nothing).then(pl.lit("{}")).otherwise(shown)

    def tree(
        self, node: Any, level: int, leaf: Mapping[str, "pl.Expr"]
    ) -> Iterator["pl.Expr | str"]:
        """A template's JSON in order; a text among `leaf` is its expression."""
        if isinstance(node, dict) and node:
            pairs = ((f"{plain(str(key))}: ", value) for key, value in node.items())
            yield from self._group("{}", pairs, level, leaf)
        elif isinstance(node, list) and node:
            yield from self._group("[]", (("", value) for value in node), level, leaf)
        elif isinstance(node, str):
            yield leaf[node]
        else:
            yield plain(node)

    def _group(
        self,
        ends: str,
        items: Iterator[tuple[str, Any]],
        level: int,
        leaf: Mapping[str, "pl.Expr"],
    ) -> Iterator["pl.Expr | str"]:
        lead = ends[0] + self.break_(level + 1)
        for key, value in items:
            yield lead + key
            yield from self.tree(value, level + 1, leaf)
            lead = self.comma(level + 1)
        yield self.break_(level) + ends[1]
