"""A byte scan of a CSV: its size, its first line, bytes no text has."""

import csv
from collections.abc import Iterator
from pathlib import Path

from chat_bridge.errors import BadCsv, SheetTooLarge, UnpackedTooLarge
from chat_bridge.model import Limits
from chat_bridge.workflow.tables.amounts import count, size
from chat_bridge.workflow.tables.dialect import DELIMITERS, wide_encoding

_CHUNK = 1 << 20
_LONGEST_HEADER = 8 << 20


def scan_text(path: Path, name: str, limits: Limits) -> None:
    length = path.stat().st_size
    if length > limits.unpacked_bytes:
        raise UnpackedTooLarge(name=name, actual=size(length), limit=size(limits.unpacked_bytes))
    with path.open("rb") as file:
        head = file.read(_LONGEST_HEADER)
        wide = wide_encoding(head)
        _check_header(head.decode(wide or "latin-1", "replace"), name, limits)
        if wide is None:
            file.seek(0)
            _check_nulls(iter(lambda: file.read(_CHUNK), b""), name)


def _check_header(head: str, name: str, limits: Limits) -> None:
    line = head.partition("\n")[0]
    delimiter = max(DELIMITERS, key=line.count)
    if line.count(delimiter) < limits.columns:
        return
    try:
        columns = len(next(csv.reader([line], delimiter=delimiter)))
    except csv.Error:  # a field of more than 128 KiB
        columns = line.count(delimiter) + 1
    if columns > limits.columns:
        raise SheetTooLarge(
            name=name,
            actual=count(columns, "columns"),
            limit=count(limits.columns, "columns"),
        )


def _check_nulls(chunks: Iterator[bytes], name: str) -> None:
    position = 0
    for chunk in chunks:
        at = chunk.find(b"\x00")
        if at >= 0:
            raise BadCsv(name=name, reason=f"byte {position + at:,} is NUL, which no text has")
        position += len(chunk)
