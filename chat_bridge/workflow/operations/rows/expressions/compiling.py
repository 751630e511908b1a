"""The tree of an expression as a polars expression over text cells; a blank is never an error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from chat_bridge.workflow import values
from chat_bridge.workflow.columns import match, resolve_one
from chat_bridge.workflow.operations.rows.expressions.reading import bad
from chat_bridge.workflow.operations.rows.expressions.tree import (
    Arithmetic,
    Call,
    Comparison,
    Joined,
    Name,
    Node,
    Not,
    Number,
    Quoted,
    Truth,
)
from chat_bridge.workflow.operations.rows.predicates import COMPARING, DATES
from chat_bridge.workflow.registry import nearest

if TYPE_CHECKING:
    import polars as pl

NUMERIC = frozenset({"abs", "round", "length", "year", "month", "day"})
_ORDER = frozenset(COMPARING) - {"between"}


@dataclass(frozen=True)
class Compiler:
    """A bare word that is no column is a text to compare with."""

    schema: "pl.Schema"
    day_first: bool = False

    def truth(self, node: Node) -> "pl.Expr":
        if isinstance(node, Joined):
            together = and_ if node.word == "and" else or_
            return reduce(together, map(self.truth, node.parts))
        if isinstance(node, Not):
            return ~self.truth(node.part)
        if isinstance(node, Comparison):
            return self._comparison(node).fill_null(False)
        raise bad("a condition is missing, such as amount > 100", node.position)

    def _comparison(self, node: Comparison) -> "pl.Expr":
        left = self._column_first(node.left)
        if node.operator in ("is_empty", "is_not_empty"):
            blank = self.text(left).fill_null("") == ""
            return blank if node.operator == "is_empty" else ~blank
        if node.operator in ("equals", "not_equals"):
            same = reduce(or_, (self._same(left, right) for right in node.right))
            return same if node.operator == "equals" else ~same.fill_null(False)
        if node.operator in COMPARING:
            return self._order(node, left)
        if len(node.right) != 1:
            raise bad(f"'{node.operator}' takes one value", node.position)
        return _LIKE[node.operator](self.text(left).fill_null(""), self.text(node.right[0]))

    def _same(self, left: Node, right: Node) -> "pl.Expr":
        if self._is_number(left) or isinstance(right, Arithmetic | Call):
            return self.number(left) == self.number(right)
        return self.text(left).fill_null("") == self.text(right).fill_null("")

    def _order(self, node: Comparison, left: Node) -> "pl.Expr":
        """By number; by date where what is compared with is one."""
        compare = COMPARING[node.operator]
        fixed = [self._constant(right) for right in node.right]
        dated = node.operator in DATES or any(
            text is not None and values.number_of(text) is None for text in fixed
        )
        if dated and not self._is_number(left):
            return compare(self.moment(left), *map(self.moment, node.right))
        numbers = compare(self.number(left), *map(self.number, node.right))
        if None not in fixed or self._is_number(left):
            return numbers
        moments = compare(self.moment(left), *map(self.moment, node.right))
        return numbers.fill_null(moments) if node.operator in _ORDER else numbers

    def _is_number(self, node: Node) -> bool:
        if isinstance(node, Call):
            return node.function in NUMERIC
        return isinstance(node, Arithmetic)

    def _constant(self, node: Node) -> str | None:
        """The text of what is no column and no calculation."""
        if isinstance(node, Number | Quoted):
            return node.text
        return node.text if isinstance(node, Name) and self.column(node) is None else None

    def _column_first(self, node: Node) -> Node:
        """On the left of an operator a text is the name of a column."""
        if isinstance(node, Quoted) or (isinstance(node, Name) and not node.exact):
            name = resolve_one(node.text, self.schema.names())
            return Name(name, node.position, exact=True)
        return node

    def column(self, node: Name) -> str | None:
        if node.exact:
            return resolve_one(node.text, self.schema.names())
        return match(node.text, self.schema.names())

    def text(self, node: Node) -> "pl.Expr":
        import polars as pl

        if isinstance(node, Truth):
            raise bad("a condition cannot be compared", node.position)
        if isinstance(node, Name) and (name := self.column(node)) is not None:
            return values.text(name, self.schema[name])
        if isinstance(node, Number | Quoted | Name):
            return pl.lit(node.text, dtype=pl.String)
        if isinstance(node, Call) and node.function not in NUMERIC:
            self._one(node)
            return _TEXTS[node.function](self.text(self._column_first(node.arguments[0])))
        return values.text_of(self.number(node), pl.Float64())

    def number(self, node: Node) -> "pl.Expr":
        """Null where a cell is no number; dividing by nothing gives null too."""
        import polars as pl

        if isinstance(node, Arithmetic):
            return _SIGNS[node.sign](
                self.number(self._operand(node.left)), self.number(self._operand(node.right))
            ).map_batches(_finite, return_dtype=pl.Float64(), is_elementwise=True)
        if isinstance(node, Call) and node.function in NUMERIC:
            return self._called(node)
        if isinstance(node, Call):
            read = self.text(node).str.strip_chars().cast(pl.Float64, strict=False)
            return read.map_batches(_finite, return_dtype=pl.Float64(), is_elementwise=True)
        fixed = self._constant(node)
        if fixed is None:
            return values.number(self.text(node))
        found = values.number_of(fixed)
        if found is None:
            raise self._no(node, fixed, "a number")
        return pl.lit(found)

    def moment(self, node: Node) -> "pl.Expr":
        import polars as pl

        fixed = self._constant(node)
        if fixed is None:
            return values.moment(self.text(node), day_first=self.day_first)
        found = values.moment_of(fixed, day_first=self.day_first)
        if found is None:
            raise self._no(node, fixed, "a number or a date")
        return pl.lit(found, dtype=pl.Datetime("us"))

    def _operand(self, node: Node) -> Node:
        """A word in a calculation can only be a column."""
        return node if isinstance(node, Number) else self._column_first(node)

    def _called(self, node: Call) -> "pl.Expr":
        import polars as pl

        first = self._operand(node.arguments[0])
        if node.function == "round" and len(node.arguments) == 2:
            digits = values.number_of(getattr(node.arguments[1], "text", ""))
            if digits is None or not 0 <= digits <= 15:
                raise bad("round takes a column and 0 to 15 digits", node.position)
            return self.number(first).round(int(digits))
        self._one(node)
        if node.function in ("year", "month", "day"):
            return _PARTS[node.function](self.moment(first)).cast(pl.Float64)
        if node.function == "length":
            return self.text(first).fill_null("").str.len_chars().cast(pl.Float64)
        number = self.number(first)
        return number.abs() if node.function == "abs" else number.round(0)

    def _one(self, node: Call) -> None:
        if len(node.arguments) != 1:
            raise bad(f"{node.function}() takes one value", node.position)

    def _no(self, node: Node, text: str, wanted: str) -> Exception:
        close = nearest(text, self.schema.names())
        hint = f"; did you mean the column '{close}'?" if close else ""
        return bad(
            f"'{text}' is neither a column nor {wanted}{hint}", node.position, value=text,
            nearest=close,
        )  # fmt: skip


Two = Callable[["pl.Expr", "pl.Expr"], "pl.Expr"]
_SIGNS: Mapping[str, Two] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": lambda left, right: left % right,
}
_PARTS: Mapping[str, Callable[["pl.Expr"], "pl.Expr"]] = {
    "year": lambda moment: moment.dt.year(),
    "month": lambda moment: moment.dt.month(),
    "day": lambda moment: moment.dt.day(),
}
_LIKE: Mapping[str, Two] = {
    "contains": lambda cell, part: _has(cell, part),
    "not_contains": lambda cell, part: ~_has(cell, part),
    "starts_with": lambda cell, part: cell.str.starts_with(part),
    "ends_with": lambda cell, part: cell.str.ends_with(part),
}
_TEXTS: Mapping[str, Callable[["pl.Expr"], "pl.Expr"]] = {
    "lower": lambda cell: cell.str.to_lowercase(),
    "upper": lambda cell: cell.str.to_uppercase(),
    "trim": lambda cell: cell.str.strip_chars(),
}


def _finite(numbers: "pl.Series") -> "pl.Series":
    """As `when(x.is_finite()).then(x)`, which names x twice: a sum of 16 would be an expression of
    65,000 parts."""
    import polars as pl

    return pl.select(pl.when(numbers.is_finite()).then(numbers).alias(numbers.name)).to_series()


def _has(cell: "pl.Expr", part: "pl.Expr") -> "pl.Expr":
    return cell.str.to_lowercase().str.contains(part.str.to_lowercase(), literal=True)
