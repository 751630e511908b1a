"""A byte scan of a workbook: document types, true sizes, far cells, merges, depth. No parser."""

import re
from pathlib import Path
from typing import NoReturn

from chat_bridge.errors import FileDamaged, FileHasDtd, SheetTooLarge
from chat_bridge.model import Limits
from chat_bridge.workflow.tables import packages
from chat_bridge.workflow.tables.amounts import count

_MARKUP = (".xml", ".rels", ".vml")
_READ = ("xl/worksheets/", "xl/sharedstrings", "xl/styles", "xl/workbook")  # what parsers open
_WINDOW = 200_000  # more than 32,767 characters can be, however they are escaped
_NESTED = 2_000
_MERGED_CELLS = 1_000_000
_LONGEST_ROW = 1 << 20
_OTHER_TAGS = 20_000  # <cols>, <col>, <cfRule>: they begin like cells
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_WIDE = (b"\xfe\xff", b"\xff\xfe", b"<\x00", b"\x00<")
_FIRST_LOOK = 1 << 16
_SHEET = re.compile(rb"[<:]worksheet[\s>]")  # a sheet may lie in any part
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*:)worksheet[\s>]")
_MERGE = re.compile(rb'mergeCell\s+ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')
_REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
# Programs that write formulas do not calculate them; a text that is empty (t="str") was calculated.
_NO_VALUE = (b"</f></", b"/></", b"<v></", b":f></")
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c(?![^>]*\st="str")\s[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ROW_NUMBER = re.compile(rb'[^>]{0,200}?\sr="(\d{1,7})"')


def scan_workbook(path: Path, name: str, limits: Limits) -> int:
    """How many formulas have no value stored with them."""
    uncalculated = 0
    for info in packages.entries(path, name, limits):
        entry = info.filename.lower()
        if not entry.endswith(_MARKUP):
            for _chunk in packages.unpack(path, info, name):
                pass  # unpacked only to compare its true size with the declared one
            continue
        part = _Part(name, limits, read=entry.startswith(_READ))
        for chunk in packages.unpack(path, info, name):
            part.feed(chunk)
        uncalculated += part.finish()
    return uncalculated


class _Part:
    """One XML part, fed in chunks."""

    def __init__(self, name: str, limits: Limits, *, read: bool) -> None:
        self._name, self._limits, self._read = name, limits, read
        self._tail = b""
        self._first = True
        self._sheet = _Sheet(name, limits)
        self._strings = 0

    def feed(self, chunk: bytes) -> None:
        if self._first and chunk:
            self._first = False
            if chunk.startswith(_WIDE):
                raise FileDamaged(name=self._name, reason="its XML is not encoded in UTF-8")
            self._read = self._read or bool(_SHEET.search(chunk, 0, _FIRST_LOOK))
            self._sheet.begin(chunk)
        if _DTD.search(self._tail + chunk[:16]) or _DTD.search(chunk):
            raise FileHasDtd(name=self._name)
        self._tail = chunk[-16:]
        if self._read:
            self._check_windows(chunk)
            self._count_strings(chunk)
            self._sheet.feed(chunk)

    def finish(self) -> int:
        return self._sheet.finish()

    def _check_windows(self, chunk: bytes) -> None:
        for start in range(0, len(chunk) - _WINDOW + 1, _WINDOW):
            end = start + _WINDOW
            if chunk.find(b"<", start, end) < 0:
                raise SheetTooLarge(
                    name=self._name,
                    actual=f"a cell has more than {_WINDOW:,} characters",
                    limit="32,767 characters",
                )
            if chunk.find(b"</", start, end) < 0 and chunk.find(b"/>", start, end) < 0:
                self._check_depth(chunk.count(b"<", start, end))

    def _check_depth(self, opened: int) -> None:
        if opened > _NESTED:
            raise FileDamaged(name=self._name, reason="its XML is nested too deep")

    def _count_strings(self, chunk: bytes) -> None:
        self._strings += chunk.count(b"<si>")
        if self._strings > self._limits.cells:
            raise SheetTooLarge(
                name=self._name,
                actual=f"more than {self._limits.cells:,} texts",
                limit=count(self._limits.cells, "cells"),
            )


class _Sheet:
    """Rows and columns that hold values, found by splitting at `<row`."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._cell, self._row, self._close = b"<c", b"<row", b"</c>"
        self._formula = b"<f"
        self._rest = b""
        self._cells = self._merged = 0
        self._rows = self._columns = 0
        self._uncalculated = 0
        self._number = -1  # what stands before the first row is measured as row 0

    def begin(self, chunk: bytes) -> None:
        prefixed = _PREFIX.search(chunk, 0, _FIRST_LOOK)
        if prefixed:
            prefix = prefixed[1]
            self._cell, self._row = b"<" + prefix + b"c", b"<" + prefix + b"row"
            self._close, self._formula = b"</" + prefix + b"c>", b"<" + prefix + b"f"

    def feed(self, chunk: bytes) -> None:
        self._cells += chunk.count(self._cell)
        if self._cells > self._limits.cells + _OTHER_TAGS:
            self._refuse(f"more than {self._limits.cells:,} cells")
        if b"mergeCell " in chunk:
            self._merge(chunk)
        pieces = (self._rest + chunk).split(self._row)
        self._rest = pieces.pop()
        for piece in pieces:
            self._measure(piece)
        if len(self._rest) > _LONGEST_ROW:
            self._measure(self._rest)
            self._rest, self._number = b"", self._number - 1  # the same row goes on
        self._judge()

    def finish(self) -> int:
        self._measure(self._rest)
        self._judge()
        return self._uncalculated

    def _measure(self, piece: bytes) -> None:
        """A row ends with its last non-blank cell: `<c r="J7"><v>1</v></c>`."""
        end = piece.rfind(self._close)
        self._number += 1
        numbered = _ROW_NUMBER.match(piece, 0, 256)
        if numbered:
            self._number = int(numbered[1])
        if end < 0:
            return
        if self._formula in piece and any(sign in piece for sign in _NO_VALUE):
            self._uncalculated += len(_UNCALCULATED.findall(piece))
        start = piece.rfind(self._cell + b" ", 0, end)
        placed = _REFERENCE.search(piece, start, start + 100) if start >= 0 else None
        if placed:
            column, self._number = _column(placed[1]), int(placed[2])
        else:
            column = piece.count(self._cell, 0, end)
        self._columns = max(self._columns, column)
        self._rows = max(self._rows, self._number)

    def _judge(self) -> None:
        if self._columns > self._limits.columns:
            raise SheetTooLarge(
                name=self._name,
                actual=count(self._columns, "columns"),
                limit=count(self._limits.columns, "columns"),
            )
        if self._rows * self._columns > self._limits.cells:
            self._refuse(f"{self._rows:,} rows x {self._columns:,} columns")

    def _merge(self, chunk: bytes) -> None:
        for left, top, right, bottom in _MERGE.findall(chunk):
            width = _column(right) - _column(left) + 1
            self._merged += width * (int(bottom) - int(top) + 1)
        if self._merged > _MERGED_CELLS:
            raise SheetTooLarge(
                name=self._name,
                actual=count(self._merged, "merged cells"),
                limit=count(_MERGED_CELLS, "merged cells"),
            )

    def _refuse(self, actual: str) -> NoReturn:
        raise SheetTooLarge(
            name=self._name, actual=actual, limit=count(self._limits.cells, "cells")
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
