"""A workbook's sheet as text columns: calamine's typed cells through our own text()."""

import gc
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chat_bridge.errors import FileDamaged, UnknownSheet, WrongFileKind
from chat_bridge.model import Source
from chat_bridge.workflow.registry import nearest
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tables.headers import beyond_the_end, named, numbered_names
from chat_bridge.workflow.tables.text import text

if TYPE_CHECKING:
    import polars as pl
    from python_calamine import CalamineWorkbook

_BATCH_CELLS = 80_000
_TEXT_ONLY = {str}


EVERY_SHEET = "all"
ORIGIN = "sheet"
_PANIC = "PanicException"  # of the parser, in the binding's own class


def open_workbook(source: Source, sheet: str | None, header_row: int | None = None) -> Table:
    """One sheet, or `all` of them one below the other."""
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(str(source.path)) as workbook, _uncollected():
            chosen, names, frame = _opened(workbook, sheet, header_row)
            if not names and (header_row or 0) > 1:
                raise beyond_the_end(source.name, header_row or 0)
    except BaseException as error:
        raise _refusal(error, source) from error
    return Table(frame=frame.lazy(), columns=names, kind="xlsx", sheet=chosen, rows=frame.height)


def _opened(
    workbook: "CalamineWorkbook", sheet: str | None, header_row: int | None
) -> "tuple[str | None, tuple[str, ...], pl.DataFrame]":
    titles = _worksheets(workbook)
    if sheet is None or sheet.casefold() != EVERY_SHEET or _called(titles, sheet) is not None:
        chosen = _choose(workbook, sheet)
        return chosen, *_read(workbook.get_sheet_by_name(chosen).iter_rows(), header_row)
    read = [(title, *_read(workbook.get_sheet_by_name(title).iter_rows(), header_row))
            for title in titles]  # fmt: skip
    return None, *_stacked(read)


def _stacked(
    read: "Sequence[tuple[str, tuple[str, ...], pl.DataFrame]]",
) -> "tuple[tuple[str, ...], pl.DataFrame]":
    """Columns of one name are one column; the first column says which sheet a row is from."""
    import polars as pl

    origin = ORIGIN
    while any(origin in names for _, names, _ in read):
        origin = f"_{origin}"
    frames = [
        frame.select(pl.lit(title).alias(origin), pl.all()) for title, names, frame in read if names
    ]
    if not frames:
        return (), pl.DataFrame()
    stacked = pl.concat(frames, how="diagonal", rechunk=False)
    return tuple(stacked.columns), stacked


def _refusal(error: BaseException, source: Source) -> BaseException:
    """What a parser stumbles over is a damaged file, a panic of its included."""
    import python_calamine as calamine

    if isinstance(error, calamine.PasswordError):
        return WrongFileKind(
            name=source.name, expected="workbook", actual="a password-protected workbook"
        )
    broken = isinstance(error, calamine.CalamineError | OSError)
    if broken or type(error).__name__ == _PANIC:
        return FileDamaged(name=source.name, reason="its sheets cannot be read")
    return error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of cells and not one cycle: looking for some costs a sixth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def sheet_names(source: Source) -> tuple[str, ...]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(str(source.path)) as workbook:
        return tuple(_worksheets(workbook))


def _worksheets(workbook: "CalamineWorkbook") -> list[str]:
    from python_calamine import SheetTypeEnum

    return [
        sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _choose(workbook: "CalamineWorkbook", sheet: str | None) -> str:
    names = _worksheets(workbook)
    if sheet is None and names:
        return names[0]
    chosen = _called(names, sheet or "")
    if chosen is None:
        shown = ", ".join(f"'{name}'" for name in names) or "none"
        raise UnknownSheet(sheet=sheet or "", sheets=shown, nearest=nearest(sheet or "", names))
    return chosen


def _called(names: Sequence[str], sheet: str) -> str | None:
    by_folded = {name.casefold(): name for name in reversed(names)}
    return sheet if sheet in names else by_folded.get(sheet.casefold())


def _read(
    rows: Iterable[Sequence[object]], header_row: int | None = None
) -> "tuple[tuple[str, ...], pl.DataFrame]":
    """The first row that is not blank is the header, or the one whose number is given; 0 stands
    for a sheet that has none."""
    import polars as pl

    numbered: Iterator[Sequence[object]] = itertools.islice(
        rows, max(0, (header_row or 0) - 1), None
    )
    filled: Iterator[Sequence[object]] = (
        numbered if header_row else itertools.dropwhile(_is_blank, numbered)
    )
    header = next(filled, None)
    if header is None:
        return (), pl.DataFrame()
    names = named(text(cell) for cell in header)
    if header_row == 0:
        names = numbered_names(len(header))
        filled = itertools.chain([header], filled)
    frames = [_frame(batch, names) for batch in _batches(filled, len(names))]
    if not frames:
        return names, pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return names, _without_blank_end(pl.concat(frames, rechunk=False))


def _is_blank(row: Sequence[object]) -> bool:
    return all(cell == "" or cell is None for cell in row)


def _batches(rows: Iterator[Sequence[object]], width: int) -> Iterator[list[Sequence[object]]]:
    size = max(256, _BATCH_CELLS // width)
    while batch := list(itertools.islice(rows, size)):
        yield batch


def _frame(batch: list[Sequence[object]], names: tuple[str, ...]) -> "pl.DataFrame":
    import polars as pl

    columns = []
    for name, cells in zip(names, zip(*batch, strict=True), strict=True):
        if set(map(type, cells)) != _TEXT_ONLY:
            cells = tuple(map(text, cells))
        columns.append(pl.Series(name, cells, dtype=pl.String))
    filled = pl.when(pl.all() != "").then(pl.all())
    return pl.DataFrame(columns).select(filled.name.keep())


def _without_blank_end(frame: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    if any(cell is not None for cell in frame.row(-1)):
        return frame
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true()
    return frame.head(int(filled[-1]) + 1 if filled.len() else 0)
