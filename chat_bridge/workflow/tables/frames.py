"""The one table every operation works on, and what an operation may make of it beside a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from chat_bridge.workflow.tally import Tally

if TYPE_CHECKING:
    import polars as pl

FileKind = Literal["csv", "xlsx"]


@dataclass(frozen=True)
class Table:
    """Every column of `frame` is String and a blank cell is null, never an empty text.

    `rows` counts the data rows (known for both kinds once opened); `dialect` says how a CSV was
    read: its delimiter and encoding. `passing` counts the rows that go by where nobody looked at
    all of them before: whoever has read them to the end asks `irregular` whether they can stand.
    `remarks` are what a person may not know about the file.
    """

    frame: "pl.LazyFrame"
    columns: tuple[str, ...]
    kind: FileKind
    sheet: str | None = None
    rows: int | None = None
    dialect: Mapping[str, Any] = field(default_factory=dict)
    passing: Tally | None = None
    irregular: Callable[[], bool] = lambda: False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How a table is written: `info_name` asks for the sheet `Info` (spec 2.3) and is the file
    name shown in it; `keep_formulas` makes formulas of cells that begin like one."""

    sheet: str = "Sheet1"
    info_name: str | None = None
    keep_formulas: bool = False


@dataclass(frozen=True)
class About:
    """The file a table came from; `rows` are those of the file, not of a later step."""

    name: str
    kind: FileKind
    sheets: tuple[str, ...] = ()
    rows: int | None = None
    dialect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """What looking at a table found: facts for programs, Markdown for people."""

    data: Mapping[str, Any]
    text: str = ""


@dataclass(frozen=True)
class Text:
    """A text file of pieces, one a row: `frame` has one String column without blanks. `prefix`
    comes before the first piece, `suffix` after the last, `empty` instead of all of it when
    there is none; `noun` is what pieces are called (one, several). With `answer`
    there is no file, but facts made of all pieces."""

    frame: "pl.LazyFrame"
    kind: str
    prefix: str = ""
    separator: str = "\n"
    suffix: str = "\n"
    empty: str | None = None
    noun: tuple[str, str] = ("row", "rows")
    data: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    answer: Callable[[list[str]], Mapping[str, Any]] | None = None
