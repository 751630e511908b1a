"""A look at every record of an old workbook (.xls): passwords, far cells, how many cells there are.
Readers make a full rectangle of a sheet, so two far cells in 2 KB would cost 400 MB."""

import struct
from collections.abc import Iterator
from pathlib import Path

from chat_bridge.errors import FileDamaged, SheetTooLarge, WrongFileKind
from chat_bridge.model import Limits
from chat_bridge.workflow.tables.amounts import count
from chat_bridge.workflow.tables.compound import Compound, Entry

_NAMES = ("workbook", "book")
_BEGIN, _PASSWORD = 0x0809, 0x002F
_CELLS = frozenset({0x0203, 0x00FD, 0x027E, 0x0204, 0x0006, 0x0205, 0x00D6, 0x0201})
_SEVERAL = frozenset({0x00BD, 0x00BE})  # many cells of one row; their last column comes last
_RECORD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")


def stream_of(compound: Compound) -> Entry | None:
    return next((e for e in compound.entries if e.name.lower() in _NAMES), None)


def check_old_workbook(path: Path, name: str) -> None:
    """Milliseconds: the header, the directory, whether there is a workbook at all."""
    with path.open("rb") as file:
        compound = Compound(file, path, name)
        if any(entry.name == "EncryptedPackage" for entry in compound.entries):
            raise WrongFileKind(
                name=name, expected="workbook", actual="a password-protected (encrypted) workbook"
            )
        if stream_of(compound) is None:
            raise WrongFileKind(
                name=name, expected="workbook", actual="an OLE file without a workbook"
            )


def scan_old_workbook(path: Path, name: str, limits: Limits) -> None:
    with path.open("rb") as file:
        compound = Compound(file, path, name)
        entry = stream_of(compound)
        if entry is None:
            raise FileDamaged(name=name, reason="there is no workbook in it")
        sheet = _Sheet(name, limits)
        for kind, body in _records(b"".join(compound.stream(entry)), name):
            if kind == _PASSWORD:
                raise WrongFileKind(
                    name=name, expected="workbook", actual="a password-protected workbook"
                )
            sheet.see(kind, body)


def _records(content: bytes, name: str) -> Iterator[tuple[int, bytes]]:
    """Only as much of a record as tells its place."""
    at, end = 0, len(content)
    if end < _RECORD.size or _RECORD.unpack_from(content)[0] & 0xFF != _BEGIN & 0xFF:
        raise FileDamaged(name=name, reason="its workbook does not begin like one")
    while at + _RECORD.size <= end:
        kind, length = _RECORD.unpack_from(content, at)
        at += _RECORD.size
        if kind in _CELLS:
            yield kind, content[at : at + _PLACE.size]
        elif kind in _SEVERAL or kind in (_BEGIN, _PASSWORD):
            yield kind, content[at : at + length]
        at += length


class _Sheet:
    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._begin()

    def _begin(self) -> None:
        self._top = self._left = 1 << 16
        self._bottom = self._right = -1

    def see(self, kind: int, body: bytes) -> None:
        if kind == _BEGIN:
            self._begin()
            return
        if len(body) < _PLACE.size:
            return
        row, column = _PLACE.unpack_from(body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _SEVERAL else column
        self._top, self._bottom = min(self._top, row), max(self._bottom, row)
        self._left, self._right = min(self._left, column), max(self._right, column, last)
        rows, columns = self._bottom - self._top + 1, self._right - self._left + 1
        if columns > self._limits.columns or rows * columns > self._limits.cells:
            raise SheetTooLarge(
                name=self._name,
                actual=f"{rows:,} rows x {columns:,} columns",
                limit=count(self._limits.cells, "cells"),
            )
