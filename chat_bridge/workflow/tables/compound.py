"""The OLE compound file around an old workbook: enough of it to follow one stream, standard library
only. Chains that run in circles or out of the file are refused, never followed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from chat_bridge.errors import FileDamaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_ENTRY = 128
_FREE = 0xFFFFFFFA  # this number and those above stand for no sector
_SMALL = 4096
_HEADER_FATS = 109
_MOST_ENTRIES = 4_096
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True)
class Entry:
    name: str
    kind: int
    start: int
    size: int


class Compound:
    """Raises FileDamaged for whatever a sound file never has."""

    def __init__(self, file: BinaryIO, path: Path, name: str) -> None:
        self._file, self._name = file, name
        self._length = path.stat().st_size
        header = file.read(_HEADER)
        if len(header) < _HEADER or not header.startswith(MAGIC):
            raise self._damaged("it has no header")
        (shift,) = struct.unpack_from("<H", header, 30)
        if shift not in (9, 12):
            raise self._damaged("its sectors have an impossible size")
        self._sector = 1 << shift
        self._sectors = self._length // self._sector
        self._fat = self._read_fat(header)
        (first,) = struct.unpack_from("<I", header, 48)
        self.entries = self._read_directory(first)
        (mini,) = struct.unpack_from("<I", header, 60)
        self._mini_fat = self._numbers(self._chain(mini)) if mini < _FREE else ()

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """Its content in pieces."""
        if entry.size < _SMALL:
            yield self._small(entry)
            return
        left = entry.size
        for number in self._chain(entry.start):
            if left <= 0:
                return
            piece = self._at(number)[:left]
            left -= len(piece)
            yield piece
        if left > 0:
            raise self._damaged("a part of it is shorter than it says")

    def _small(self, entry: Entry) -> bytes:
        """Small streams share the sectors of the root."""
        root = next((e for e in self.entries if e.kind == _ROOT), None)
        if root is None:
            raise self._damaged("it has no root")
        whole = b"".join(self._at(number) for number in self._chain(root.start))
        pieces, at, seen = [], entry.start, 0
        while at < _FREE and seen * 64 < entry.size:
            if at >= len(self._mini_fat):
                raise self._damaged("a chain in it leads nowhere")
            pieces.append(whole[at * 64 : at * 64 + 64])
            at, seen = self._mini_fat[at], seen + 1
        return b"".join(pieces)[: entry.size]

    def _read_fat(self, header: bytes) -> tuple[int, ...]:
        """The table of sectors, itself in sectors the header and the sectors after it list."""
        (count,) = struct.unpack_from("<I", header, 44)
        next_, _ = struct.unpack_from("<II", header, 68)
        listed = list(struct.unpack_from(f"<{_HEADER_FATS}I", header, 76))
        hops = 0
        per = self._sector // 4
        while next_ < _FREE:
            hops += 1
            if hops > self._sectors:
                raise self._damaged("its table of sectors runs in a circle")
            *more, next_ = struct.unpack(f"<{per}I", self._at(next_))
            listed += more
        fats = [number for number in listed if number < _FREE][:count]
        return self._numbers(fats)

    def _numbers(self, sectors: Iterator[int] | list[int]) -> tuple[int, ...]:
        found: list[int] = []
        for number in sectors:
            found += struct.unpack(f"<{self._sector // 4}I", self._at(number))
        return tuple(found)

    def _read_directory(self, first: int) -> list[Entry]:
        entries: list[Entry] = []
        for number in self._chain(first):
            sector = self._at(number)
            for at in range(0, len(sector) - _ENTRY + 1, _ENTRY):
                entry = _entry(sector[at : at + _ENTRY])
                if entry is not None:
                    entries.append(entry)
            if len(entries) > _MOST_ENTRIES:
                raise self._damaged(f"it holds more than {_MOST_ENTRIES:,} parts")
        return entries

    def _chain(self, first: int) -> Iterator[int]:
        at, hops = first, 0
        while at < _FREE:
            if at >= len(self._fat) or hops > self._sectors:
                raise self._damaged("a chain in it leads nowhere")
            yield at
            at, hops = self._fat[at], hops + 1

    def _at(self, number: int) -> bytes:
        self._file.seek((number + 1) * self._sector)
        found = self._file.read(self._sector)
        if not found:
            raise self._damaged("it is cut off")
        return found.ljust(self._sector, b"\x00")

    def _damaged(self, reason: str) -> FileDamaged:
        return FileDamaged(name=self._name, reason=reason)


def _entry(raw: bytes) -> Entry | None:
    kind = raw[66]
    if kind not in (_STREAM, _ROOT):
        return None
    (length,) = struct.unpack_from("<H", raw, 64)
    name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    start, size = struct.unpack_from("<II", raw, 116)
    return Entry(name, kind, start, size)
