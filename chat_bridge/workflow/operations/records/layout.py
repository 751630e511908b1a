"""JSON as pieces of text: one expression a row, laid out as `json.dumps` does it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow.json_cells import plain

if TYPE_CHECKING:
    import polars as pl

STEP = "  "


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
