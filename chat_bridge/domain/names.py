"""File names that are safe on disk, in headers and in links, and still readable."""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from pathlib import PurePosixPath

FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]+|\s+')
LONGEST = 120
LONGEST_ENDING = 20
LONGEST_BYTES = 200  # a folder takes 255, and a number may be added
CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".txt": "text/plain",
    ".sql": "text/plain",
}


def safe_name(raw: str) -> str:
    """Keeps letters of every script; drops separators, controls and directional overrides; an
    ASCII name becomes what the founding upload route made of it."""
    text = "".join(c for c in raw if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Co", "Cn"))
    text = unicodedata.normalize("NFC", text)
    text = FORBIDDEN.sub("_", text)
    if text.isascii():
        text = re.sub(r"[^A-Za-z0-9_.-]", "", text)
    text = text.strip("._")
    path = PurePosixPath(text or "file")
    suffix = _cut(path.suffix, LONGEST_ENDING, LONGEST_BYTES).rstrip("._")
    return _cut(path.stem, LONGEST - len(suffix), LONGEST_BYTES - len(suffix.encode())) + suffix


def _cut(text: str, characters: int, size: int) -> str:
    return text[:characters].encode()[:size].decode(errors="ignore")


def free_name(name: str, taken: Container[str]) -> str:
    """The name itself, or `name-2.ext`, `name-3.ext`, … where it is taken."""
    if name not in taken:
        return name
    path = PurePosixPath(name)
    return next(
        candidate
        for number in count(2)
        if (candidate := f"{path.stem}-{number}{path.suffix}") not in taken
    )


def content_type(name: str) -> str:
    return CONTENT_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
