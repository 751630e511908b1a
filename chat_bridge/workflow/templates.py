"""Templates with placeholders: `{name}`, `{name:type}`, `{name|default}`, `{name:type|default}`.

They are taken apart once, so a cell that looks like a placeholder is never one. `{{` and `}}`
stand for braces.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_bridge.workflow import columns, values

if TYPE_CHECKING:
    import polars as pl

WILDCARDS = "%_"
TEXTUAL = frozenset({"string", "str", "text"})
_PART = re.compile(r"(?P<open>\{\{)|(?P<close>\}\})|\{(?P<inside>[^}]+)\}")
_TRUE = ("true", "1", "yes", "on")
_WHOLE = r"^-?(?:0|[1-9]\d*)$"


@dataclass(frozen=True)
class Placeholder:
    name: str
    type: str = ""
    default: str | None = None


Part = str | Placeholder


def parse(template: str) -> tuple[Part, ...]:
    """Texts and placeholders in turn; neighbouring texts are one."""
    parts: list[Part] = []
    for part in _parts(template):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part != "":
            parts.append(part)
    return tuple(parts)


def _parts(template: str) -> Iterator[Part]:
    end = 0
    for found in _PART.finditer(template):
        yield template[end : found.start()]
        end = found.end()
        if found["inside"] is None:
            yield "{" if found["open"] else "}"
        else:
            yield placeholder(found["inside"])
    yield template[end:]


def placeholder(inside: str) -> Placeholder:
    """The first `|` begins the default, the first `:` before it the type."""
    said, bar, default = inside.partition("|")
    name, _, kind = said.partition(":")
    return Placeholder(name.strip(), kind.strip().lower(), default.strip() if bar else None)


@dataclass(frozen=True)
class Cells:
    """The columns a template may name: those mapped, then those of the table."""

    schema: "pl.Schema"
    mapping: Mapping[str, str]

    def column(self, name: str) -> str | None:
        if name in self.mapping:
            return self.mapping[name]
        return columns.match(name, self.schema.names())

    def text(self, wanted: Placeholder) -> "pl.Expr | None":
        """The cell, or the default where it is blank; None when neither can ever be there."""
        import polars as pl

        column = self.column(wanted.name)
        fallback = pl.lit(wanted.default, dtype=pl.String) if wanted.default is not None else None
        if column is None:
            return fallback
        cell = values.text(column, self.schema[column])
        return cell if fallback is None else pl.coalesce(cell, fallback)


def mapped(given: Mapping[str, str] | None, names: Sequence[str]) -> dict[str, str]:
    """Placeholder to column, in the table's own spelling; unknown columns are refused."""
    wanted = dict(given or {})
    columns.resolve(map(str, wanted.values()), names)
    return {name: columns.resolve_one(str(column), names) for name, column in wanted.items()}


def unknown(parts: Sequence[Part], known: Callable[[str], bool]) -> tuple[str, ...]:
    """Names that stand for nothing, each once."""
    names = [part.name for part in parts if isinstance(part, Placeholder)]
    return tuple(dict.fromkeys(name for name in names if not known(name)))


def whole(cell: "pl.Expr") -> "pl.Expr":
    """Text to the digits of a whole number, cut towards zero; null where it is no number."""
    import polars as pl

    plain = cell.str.strip_chars()
    number = values.number(cell)
    cut = pl.when(number.abs() < values.EXACT).then(number).cast(pl.Int64, strict=False)
    exact = pl.when(plain.str.contains(_WHOLE)).then(plain)
    large = values.text_of(pl.when(number.abs() >= values.EXACT).then(number), pl.Float64())
    return pl.coalesce(exact, cut.cast(pl.String), large)


def decimal(cell: "pl.Expr") -> "pl.Expr":
    """Text to a number as programs write it, `30.0`; null where it is none."""
    import polars as pl

    return values.number(cell).cast(pl.String)


def truth(cell: "pl.Expr") -> "pl.Expr":
    """A blank is neither true nor false."""
    return cell.str.to_lowercase().is_in(_TRUE)
