"""The one table every operation works on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

FileKind = Literal["csv", "xlsx"]


@dataclass(frozen=True)
class Table:
    """Every column of `frame` is String and a blank cell is null, never an empty text.

    `rows` counts the data rows (known for both kinds once opened); `dialect` says how a CSV was
    read: its delimiter and encoding.
    """

    frame: "pl.LazyFrame"
    columns: tuple[str, ...]
    kind: FileKind
    sheet: str | None = None
    rows: int | None = None
    dialect: Mapping[str, Any] = field(default_factory=dict)
