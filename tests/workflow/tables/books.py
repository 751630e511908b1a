"""Workbooks and readers for these tests: openpyxl is the oracle on both sides."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from chat_bridge.model import Limits, Source
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tables.reading import open_table

LIMITS = Limits()
Rows = list[tuple[str | None, ...]]


def book(path: Path, rows: Sequence[Sequence[Any]], *, sheet: str = "Sheet1") -> Source:
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    workbook.save(path)
    return Source(path, path.name)


def text_file(path: Path, content: bytes) -> Source:
    path.write_bytes(content)
    return Source(path, path.name)


def opened(source: Source, sheet: str | None = None) -> Table:
    return open_table(source, sheet, LIMITS, source.path.parent)


def rows_of(table: Table) -> Rows:
    return table.frame.collect().rows()


def read(source: Source, sheet: str | None = None) -> tuple[tuple[str, ...], Rows]:
    table = opened(source, sheet)
    rows = rows_of(table)
    assert table.rows == len(rows)
    return table.columns, rows


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    workbook = openpyxl.load_workbook(path)
    return {
        page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in workbook
    }


def typed_cell(value: Any) -> Any:
    """The golden cases write real dates as {"$date": ...}."""
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    readers = {
        "$datetime": dt.datetime.fromisoformat,
        "$date": dt.date.fromisoformat,
        "$time": dt.time.fromisoformat,
    }
    return readers[kind](text)
