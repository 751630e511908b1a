"""A byte scan of an OpenDocument spreadsheet: document types, passwords, and what its repetitions
come to. `number-columns-repeated` lets a hundred bytes stand for a million cells."""

import re
import zipfile
from pathlib import Path

from chat_bridge.errors import FileDamaged, FileHasDtd, SheetTooLarge, WrongFileKind
from chat_bridge.model import Limits
from chat_bridge.workflow.tables import packages
from chat_bridge.workflow.tables.amounts import count

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT = "content.xml"
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_WIDE = (b"\xfe\xff", b"\xff\xfe", b"<\x00", b"\x00<")
_TOKEN = re.compile(
    rb"<table:(?P<what>table-row|(?:covered-)?table-cell|table)(?=[\s/>])"
    rb"(?P<about>(?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>|</table:(?P<end>table-row|table)>"
)
_REPEATED = re.compile(rb"table:number-(?:columns|rows)-repeated\s*=\s*[\"']\s*(\d{1,18})")
_SPACES = re.compile(rb"text:c\s*=\s*[\"']\s*(\d{1,18})")
_MOST_SPACES = 32_767
_LONGEST_TAG = 1 << 20


def check_ods(path: Path, name: str, limits: Limits) -> None:
    """Milliseconds: what kind of document it says it is."""
    infos = {info.filename: info for info in packages.entries(path, name, limits)}
    kind = infos.get("mimetype")
    if kind is None or kind.file_size > 200 or _CONTENT not in infos:
        raise WrongFileKind(name=name, expected="spreadsheet", actual="a ZIP archive")
    found = b"".join(packages.unpack(path, kind, name)).strip()
    if not found.startswith(MIMETYPE):
        shown = found.decode("ascii", "replace")[:80]
        raise WrongFileKind(
            name=name, expected="spreadsheet", actual=f"an OpenDocument file ({shown})"
        )


def scan_ods(path: Path, name: str, limits: Limits) -> None:
    for info in packages.entries(path, name, limits):
        if info.filename == "META-INF/manifest.xml":
            _check_password(path, info, name)
        reader = _Content(name, limits) if info.filename == _CONTENT else None
        for chunk in packages.unpack(path, info, name):
            if reader is not None:
                reader.feed(chunk)


def _check_password(path: Path, info: zipfile.ZipInfo, name: str) -> None:
    if any(b"encryption-data" in chunk for chunk in packages.unpack(path, info, name)):
        raise WrongFileKind(
            name=name, expected="spreadsheet", actual="a password-protected spreadsheet"
        )


class _Content:
    """Rows and columns up to the last cell that holds something, repetitions counted."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._rest = b""
        self._first = True
        self._table()

    def _table(self) -> None:
        self._rows = self._blank_rows = self._width = 0
        self._row(1)

    def _row(self, times: int) -> None:
        self._times, self._column, self._filled = times, 0, 0

    def feed(self, chunk: bytes) -> None:
        if self._first and chunk:
            self._first = False
            if chunk.startswith(_WIDE):
                raise FileDamaged(name=self._name, reason="its XML is not encoded in UTF-8")
        text = self._rest + chunk
        if _DTD.search(text):
            raise FileHasDtd(name=self._name)
        self._check_spaces(text)
        end = 0
        for found in _TOKEN.finditer(text):
            self._see(found)
            end = found.end()
        cut = max(end, text.rfind(b"<"))
        self._rest = text[cut:] if len(text) - cut < _LONGEST_TAG else b""
        if not self._rest and len(text) - cut >= _LONGEST_TAG:
            raise FileDamaged(name=self._name, reason="a tag in it never ends")

    def _check_spaces(self, text: bytes) -> None:
        if any(int(times) > _MOST_SPACES for times in _SPACES.findall(text)):
            raise SheetTooLarge(
                name=self._name,
                actual=f"a cell has more than {_MOST_SPACES:,} spaces",
                limit=f"{_MOST_SPACES:,} characters",
            )

    def _see(self, found: re.Match[bytes]) -> None:
        what, about = found["what"], found["about"] or b""
        if found["end"] == b"table-row":
            self._end_row()
        elif what == b"table":
            self._table()
        elif what == b"table-row":
            self._row(_times(about))
            if about.endswith(b"/"):
                self._end_row()
        elif what is not None:
            self._column += _times(about)
            if b"value" in about or not about.endswith(b"/"):
                self._filled = self._column
                self._judge(self._rows + self._blank_rows + self._times, self._filled)

    def _end_row(self) -> None:
        """Blank rows count once something stands below them."""
        if self._filled:
            self._rows += self._blank_rows + self._times
            self._blank_rows = 0
            self._judge(self._rows, self._filled)
        else:
            self._blank_rows += self._times
        self._row(1)

    def _judge(self, rows: int, width: int) -> None:
        self._width = max(self._width, width)
        if self._width > self._limits.columns:
            raise SheetTooLarge(
                name=self._name,
                actual=count(self._width, "columns"),
                limit=count(self._limits.columns, "columns"),
            )
        if rows * self._width > self._limits.cells:
            raise SheetTooLarge(
                name=self._name,
                actual=f"{rows:,} rows x {self._width:,} columns",
                limit=count(self._limits.cells, "cells"),
            )


def _times(about: bytes) -> int:
    return max((int(number) for number in _REPEATED.findall(about)), default=1) or 1
