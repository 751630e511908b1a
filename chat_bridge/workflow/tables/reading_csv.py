"""A CSV as a lazy scan of text columns.

Polars reads plain UTF-8 with regular rows best; anything else (foreign encodings, blank lines,
lone carriage returns, stray quotes) is first rewritten, streamed, by the standard csv module.
"""

import csv
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chat_bridge.errors import BadCsv, EmptyFile, SheetTooLarge
from chat_bridge.model import Limits, Source
from chat_bridge.workflow.tables.amounts import count
from chat_bridge.workflow.tables.dialect import REPAIRED, Dialect, detect
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tables.headers import beyond_the_end, named, numbered_names
from chat_bridge.workflow.tally import COUNT, Tally, counted

if TYPE_CHECKING:
    import _csv

    import polars as pl

_LONGEST_FIELD = 1 << 20
_END = "\x1e end \x1e"  # a last line of our own: missing afterwards, a quote was never closed


@dataclass(frozen=True)
class Opening:
    """`irregular`: the guard saw lines that have to be rewritten. Without a `survey` the table
    tells afterwards whether its rows were regular. A header elsewhere than in the first line
    (`header_row`, 0 for none) makes it rewrite too."""

    irregular: bool = False
    survey: bool = True
    header_row: int | None = None

    @property
    def plain(self) -> bool:
        return not self.irregular and self.header_row in (None, 1)


def open_csv(
    source: Source,
    limits: Limits,
    work_dir: Path,
    how: Opening | None = None,
    *,
    dialect: Dialect | None = None,
) -> Table:
    how = how or Opening()
    found = dialect or detect(source.path, source.name, how.header_row)
    table = None
    if found.plain and how.plain:
        table = _scan_plain(source, found, survey=how.survey)
    if table is None:
        table = _scan_rewritten(source, found, limits, work_dir, header_row=how.header_row)
    _check_area(table, source, limits)
    return table


def most_cells(source: Source, limits: Limits) -> int:
    """A CSV is streamed, so it may have any number of cells it really holds: each takes a byte at
    least. What is beyond are rows without cells under a very wide header."""
    return max(limits.cells, source.path.stat().st_size)


def _check_area(table: Table, source: Source, limits: Limits) -> None:
    if (table.rows or 0) * len(table.columns) > most_cells(source, limits):
        raise SheetTooLarge(
            name=source.name,
            actual=f"{table.rows:,} rows x {len(table.columns):,} columns",
            limit=count(limits.cells, "cells"),
        )


def _scan_plain(source: Source, dialect: Dialect, *, survey: bool) -> Table | None:
    """None when the rows turn out to be irregular. The survey parses every row once (0.1 s a
    million): a scan that reads some columns only would not notice a field too many."""
    import polars as pl

    with source.path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        header = _first_record(csv.reader(file, delimiter=dialect.delimiter))
    if not header or not any(map(str.strip, header)):
        return None
    names = named(header)
    if not survey:
        return _scan_passing(source.path, dialect, names)
    try:
        rows, surplus, blank = _survey(source.path, dialect, len(names))
        # What is surplus now is blank: a delimiter at the end of lines.
        frame = _scan(source.path, dialect, names, ragged=True)
        if surplus or (blank and _blank_rows(frame)):
            return None
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return None
    return _table(frame, names, rows, dialect)


def _survey(path: Path, dialect: Dialect, width: int) -> tuple[int, int, int]:
    """Rows, rows with a field too many, rows that begin and end blank. Columns go by number
    here: a name like `*` would mean something else to Polars."""
    import polars as pl

    numbered = _scan(path, dialect, [str(index) for index in range(width + 1)], ragged=False)
    blank = pl.nth(0).is_null() & pl.nth(width - 1).is_null()
    found = numbered.select(
        pl.len().alias("rows"), pl.nth(width).count().alias("surplus"), blank.sum().alias("blank")
    )
    rows, surplus, blanks = found.collect(engine="streaming").row(0)
    return rows, surplus, blanks


def _scan_passing(path: Path, dialect: Dialect, names: tuple[str, ...]) -> Table:
    """What the survey looks for is counted while the rows go by, on their only way through the
    parser; all columns are read."""
    import polars as pl

    width = len(names)
    rows = _scan(path, dialect, names, ragged=True).select(pl.len()).collect().item()
    surplus, blank = COUNT + "surplus", COUNT + "blank"
    frame = _scan(path, dialect, [*names, surplus], ragged=False).select(
        pl.nth(*range(width)),
        pl.nth(width).is_not_null().alias(surplus),
        (pl.nth(0).is_null() & pl.nth(width - 1).is_null()).alias(blank),
    )
    passing = Tally()

    def irregular() -> bool:
        found = passing.sums
        whole = passing.rows == rows and not found.get(surplus)
        ragged = _scan(path, dialect, names, ragged=True)
        return not whole or bool(found.get(blank) and _blank_rows(ragged))

    table = _table(counted(frame, passing), names, rows, dialect)
    return replace(table, passing=passing, irregular=irregular)


def _first_record(records: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(records, None)
    except csv.Error:
        return None


def _blank_rows(frame: "pl.LazyFrame") -> bool:
    import polars as pl

    return bool(frame.select(pl.all_horizontal(pl.all().is_null()).any()).collect().item())


def _scan(path: Path, dialect: Dialect, names: Sequence[str], *, ragged: bool) -> "pl.LazyFrame":
    import polars as pl

    return pl.scan_csv(
        path,
        separator=dialect.delimiter,
        has_header=False,
        skip_rows=1,
        schema=dict.fromkeys(names, pl.String),
        missing_columns="insert",
        extra_columns="ignore" if ragged else "raise",
        truncate_ragged_lines=ragged,
        null_values=[""],
        glob=False,
    )


def _table(frame: "pl.LazyFrame", names: tuple[str, ...], rows: int, dialect: Dialect) -> Table:
    shown = {"delimiter": dialect.delimiter, "encoding": dialect.encoding.removesuffix("-sig")}
    return Table(frame=frame, columns=names, kind="csv", rows=rows, dialect=shown)


def _scan_rewritten(
    source: Source, dialect: Dialect, limits: Limits, work_dir: Path, *, header_row: int | None
) -> Table:
    with tempfile.NamedTemporaryFile(
        "w", dir=work_dir, prefix="utf8-", suffix=".csv", delete=False, encoding="utf-8", newline=""
    ) as target:
        rewriting = _Rewriting(source, dialect, most_cells(source, limits), header_row)
        # All quoted: before 3.13 the csv module leaves a lone carriage return without quotes.
        writer = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows(rewriting.records())
    plain = Dialect(",", "utf-8")
    frame = _scan(Path(target.name), plain, rewriting.names, ragged=False)
    return _table(frame, rewriting.names, rewriting.rows, dialect)


def _is_blank_line(record: list[str]) -> bool:
    """Of white space as people know it: what separates units and records is text in a cell."""
    return len(record) == 1 and record[0] != "" and not record[0].strip(" \t\r\n\v\f")


@dataclass
class _Rewriting:
    """One pass over an irregular CSV; `names` and `rows` are known when it has ended."""

    source: Source
    dialect: Dialect
    most_cells: int
    header_row: int | None = None
    names: tuple[str, ...] = ()
    rows: int = 0

    def records(self) -> Iterator[Sequence[str]]:
        csv.field_size_limit(_LONGEST_FIELD)
        repaired = self.dialect.encoding.startswith("utf-8")
        with self.source.path.open(
            encoding=self.dialect.encoding,
            errors=REPAIRED if repaired or self.dialect.encoding == "cp1252" else "strict",
            newline="",
        ) as file:
            lines = itertools.islice(file, int(self.dialect.hinted), None)
            reader = csv.reader(
                itertools.chain(lines, ["\n", _END]), delimiter=self.dialect.delimiter
            )
            yield from self._checked(reader)

    def _checked(self, reader: "_csv.Reader") -> Iterator[Sequence[str]]:
        begun, upcoming, ended = 1, 1 + self.dialect.hinted, False
        try:
            for number, record in enumerate(reader, 1):
                begun, upcoming = upcoming, reader.line_num + 1 + self.dialect.hinted
                ended = record == [_END]
                above = number < (self.header_row or 1)
                if record and not ended and not above and not _is_blank_line(record):
                    yield from self._lines(record, upcoming - 1)
        except csv.Error as error:
            raise BadCsv(
                name=self.source.name,
                reason=f"a text that begins in or after line {upcoming:,} is longer than "
                f"{_LONGEST_FIELD:,} characters; perhaps a quote is never closed",
            ) from error
        except UnicodeDecodeError as error:
            raise BadCsv(
                name=self.source.name, reason=f"it is not valid {self.dialect.encoding.upper()}"
            ) from error
        if not ended:
            raise self._unclosed(begun)
        if not self.names and (self.header_row or 0) > 1:
            raise beyond_the_end(self.source.name, self.header_row or 0)
        if not self.names:
            raise EmptyFile(name=self.source.name)

    def _lines(self, record: list[str], line: int) -> Iterator[Sequence[str]]:
        """A table without a header gets one of numbers before its first record."""
        if not self.names and self.header_row == 0:
            self.names = numbered_names(len(record))
            yield self.names
        yield self._regular(record, line)

    def _regular(self, record: list[str], line: int) -> Sequence[str]:
        if not self.names:
            self.names = named(record)
            return self.names
        self.rows += 1
        width = len(self.names)
        if len(record) > width:
            if any(record[width:]):
                raise BadCsv(
                    name=self.source.name,
                    reason=f"line {line:,} has {len(record)} fields, the header has {width}",
                )
            del record[width:]
        if self.rows * width > self.most_cells:
            raise SheetTooLarge(
                name=self.source.name,
                actual=f"more than {self.most_cells:,} cells",
                limit=count(self.most_cells, "cells"),
            )
        return record + [""] * (width - len(record))

    def _unclosed(self, line: int) -> BadCsv:
        return BadCsv(
            name=self.source.name,
            reason=f"the quoted text that begins in or after line {line:,} never ends",
        )
