"""A frame into a file, batch by batch: what is written is what opens everywhere, and no live
formula is among it unless that was asked for."""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from chat_bridge.errors import OutOfSpace, OutputTooLarge
from chat_bridge.workflow.tables.frames import FileKind, Layout
from chat_bridge.workflow.tables.previews import Columns, preview, typed
from chat_bridge.workflow.tables.safety import Changes
from chat_bridge.workflow.tables.writing_csv import CsvWriter
from chat_bridge.workflow.tables.writing_xlsx import WorkbookWriter
from chat_bridge.workflow.values import as_text

if TYPE_CHECKING:
    import polars as pl

PREVIEW_ROWS = 20
_BATCH_CELLS = 160_000
_SAMPLE_ROWS = 2_000

CONTENT_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "sql": "application/sql",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Written:
    """`warnings` are sentences about cells that could not be written as they were."""

    rows: int
    columns: Columns
    preview: Mapping[str, Any]
    changes: Changes

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.changes.sentences()


def write(
    frame: "pl.LazyFrame",
    path: Path,
    *,
    kind: FileKind,
    layout: Layout | None = None,
    on_rows: Callable[[int], None] = lambda _rows: None,
) -> Written:
    """`on_rows` hears the rows written so far after every batch."""
    schema = frame.collect_schema()
    text = as_text(frame)
    names = schema.names()
    with durable(path) as file:
        writer = _writer(file, schema, kind, layout or Layout())
        try:
            return _write_batches(text, names, writer, on_rows)
        except BaseException:
            writer.abandon()
            raise


@contextmanager
def durable(path: Path) -> Iterator[BinaryIO]:
    """A new file, on the disk for good when the block ends."""
    try:
        with path.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _no_room(error, path) from error


def _no_room(error: OSError, path: Path) -> Exception:
    if error.errno == errno.EFBIG:
        return OutputTooLarge(limit="the size one result may have")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return OutOfSpace()
    return OSError(error.errno, error.strerror, path.name)


def _writer(
    file: BinaryIO, schema: "pl.Schema", kind: FileKind, layout: Layout
) -> CsvWriter | WorkbookWriter:
    if kind == "csv":
        return CsvWriter(file, schema.names(), keep_formulas=layout.keep_formulas)
    return WorkbookWriter(file, schema, layout)


def _write_batches(
    frame: "pl.LazyFrame",
    names: list[str],
    writer: CsvWriter | WorkbookWriter,
    on_rows: Callable[[int], None],
) -> Written:
    rows, sample = 0, None
    for batch in _batches(frame, len(names)):
        writer.write(batch)
        rows += batch.height
        if sample is None or sample.height < PREVIEW_ROWS:
            head = batch.head(_SAMPLE_ROWS)
            sample = head if sample is None else sample.vstack(head)
        on_rows(rows)
    writer.close(rows)
    if sample is None:
        sample = frame.head(0).collect()
    columns = typed(sample)
    return Written(rows, columns, preview(sample.head(PREVIEW_ROWS), columns, rows), writer.changes)


def _batches(frame: "pl.LazyFrame", width: int) -> "Iterator[pl.DataFrame]":
    import polars as pl

    size = max(256, _BATCH_CELLS // max(1, width))
    blank = pl.when(pl.all() != "").then(pl.all()).name.keep()
    for batch in frame.collect_batches(chunk_size=size, maintain_order=True):
        if batch.height:
            yield batch.select(blank) if batch.width else batch
