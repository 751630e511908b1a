"""A byte scan of a CSV: its size, its first line, bytes no text has."""

import csv
import io
import os
from pathlib import Path

from chat_bridge.errors import BadCsv, SheetTooLarge, UnpackedTooLarge
from chat_bridge.model import Limits
from chat_bridge.workflow.tables.amounts import count, size
from chat_bridge.workflow.tables.dialect import DELIMITERS, wide_encoding

_CHUNK = 1 << 20
_LONGEST_HEADER = 8 << 20


def scan_text(path: Path, name: str, limits: Limits) -> bool:
    """Whether its lines are irregular: ended by carriage returns alone, or a quoted text of more
    than a megabyte, for which Polars would take ten times its size."""
    length = path.stat().st_size
    if length > limits.unpacked_bytes:
        raise UnpackedTooLarge(name=name, actual=size(length), limit=size(limits.unpacked_bytes))
    with path.open("rb", buffering=0) as file:
        head = file.read(_LONGEST_HEADER)
        wide = wide_encoding(head)
        if wide:
            _check_header(head.decode(wide, "replace").partition("\n")[0], name, limits)
            return True
        _check_header(head.partition(b"\n")[0].decode("latin-1"), name, limits)
        file.seek(0)
        return _Lines(file, name).irregular()


def _check_header(line: str, name: str, limits: Limits) -> None:
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


class _Lines:
    """Chunk by chunk, by searches that cost next to nothing when there is nothing to find."""

    def __init__(self, file: io.FileIO, name: str) -> None:
        self._file, self._name = file, name
        self._position = self._counted = 0
        self._quotes = 0
        self._quoted = False

    def irregular(self) -> bool:
        found, before = False, b""
        while chunk := self._file.read(_CHUNK):
            self._check_nulls(chunk)
            found = found or self._one_text(chunk) or _lone_returns(before + chunk)
            before = chunk[-1:]
            self._position += len(chunk)
        return found or before == b"\r"

    def _check_nulls(self, chunk: bytes) -> None:
        at = chunk.find(b"\x00")
        if at >= 0:
            at += self._position
            raise BadCsv(name=self._name, reason=f"byte {at:,} is NUL, which no text has")

    def _one_text(self, chunk: bytes) -> bool:
        """A whole chunk without a quote, inside of quotes."""
        if b'"' in chunk:
            self._quoted = True
            return False
        return self._quoted and self._quotes_before() % 2 == 1

    def _quotes_before(self) -> int:
        """Counted only now: most files have quotes in every chunk or in none."""
        while self._counted < self._position:
            length = min(_CHUNK, self._position - self._counted)
            self._quotes += os.pread(self._file.fileno(), length, self._counted).count(b'"')
            self._counted += length
        return self._quotes


def _lone_returns(chunk: bytes) -> bool:
    return b"\r" in chunk and chunk.count(b"\r", 0, -1) != chunk.count(b"\r\n")
