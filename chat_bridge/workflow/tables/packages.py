"""The ZIP package around a workbook: its directory is judged before any of it is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from chat_bridge.errors import FileDamaged, UnpackedTooLarge, WrongFileKind
from chat_bridge.model import Limits
from chat_bridge.workflow.tables.amounts import count, size

ENTRIES = 2_000
_DIRECTORY_BYTES = 1 << 20
_END = b"PK\x05\x06"
_END_BYTES = 22
_RATIO = 200
_FREE_BYTES = 256 << 20  # below this no compression ratio is suspicious
_LOCAL_HEADER = 30
_CHUNK = 1 << 20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def directory_is_bounded(path: Path) -> bool:
    """Reads only the last 64 KiB: a directory of 200,000 entries costs seconds to parse."""
    entries, directory = _end_record(path)
    return entries <= ENTRIES and directory <= _DIRECTORY_BYTES


def _end_record(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        length = file.seek(0, 2)
        file.seek(max(0, length - _END_BYTES - 0xFFFF))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or at + _END_BYTES > len(tail):
        return 0, 0
    entries, directory = struct.unpack_from("<HI", tail, at + 10)
    return entries, directory


def entries(path: Path, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """The checked directory of a workbook's package."""
    if not directory_is_bounded(path):
        raise UnpackedTooLarge(
            name=name, actual=f"more than {ENTRIES:,} files", limit=count(ENTRIES, "files")
        )
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileDamaged(name=name, reason="the archive it consists of is cut off") from error
    _check_names(infos, name)
    _check_sizes(infos, path.stat().st_size, name, limits)
    return infos


def _check_names(infos: list[zipfile.ZipInfo], name: str) -> None:
    seen = set[str]()
    for info in infos:
        entry = info.filename
        if entry.startswith("/") or "\\" in entry or ".." in entry.split("/"):
            raise FileDamaged(name=name, reason="a file inside it has a forbidden name")
        if entry.lower() in seen:
            raise FileDamaged(name=name, reason=f"it contains '{entry[:80]}' twice")
        if info.flag_bits & 1:
            raise WrongFileKind(name=name, expected="workbook", actual="a password-protected file")
        if info.compress_type not in _METHODS:
            raise FileDamaged(name=name, reason="it is compressed in a way workbooks never are")
        seen.add(entry.lower())


def _check_sizes(infos: list[zipfile.ZipInfo], packed: int, name: str, limits: Limits) -> None:
    declared = sum(info.file_size for info in infos)
    allowed = min(limits.unpacked_bytes, max(_FREE_BYTES, _RATIO * packed))
    if declared > allowed:
        raise UnpackedTooLarge(name=name, actual=size(declared), limit=size(allowed))


def unpack(path: Path, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The true content of one entry. `zipfile` stops at the declared size, parsers do not: more
    than declared is a lie, so it is refused here."""
    total = 0
    try:
        for chunk in _inflate(path, info):
            total += len(chunk)
            if total > info.file_size:
                break
            yield chunk
    except (zlib.error, struct.error, EOFError) as error:
        raise FileDamaged(name=name, reason="its compressed data is broken") from error
    if total != info.file_size:
        raise FileDamaged(name=name, reason="a file inside it has another size than it says")


def _inflate(path: Path, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER)
        file.seek(sum(struct.unpack_from("<HH", header, 26)), 1)
        left = info.compress_size
        deflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0 and (packed := file.read(min(left, 1 << 18))):
            left -= len(packed)
            if deflate is None:
                yield packed
                continue
            while packed:
                yield deflate.decompress(packed, _CHUNK)
                packed = deflate.unconsumed_tail
        if deflate is not None:
            yield deflate.flush()
