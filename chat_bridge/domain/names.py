"""File names that are safe on disk, in headers and in links, and still readable."""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from pathlib import PurePosixPath

FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]+|\s+')
LONGEST = 120
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
    text = unicodedata.normalize("NFC", raw)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Co", "Cn"))
    text = FORBIDDEN.sub("_", text)
    if text.isascii():
        text = re.sub(r"[^A-Za-z0-9_.-]", "", text)
    text = text.strip("._")
    path = PurePosixPath(text or "file")
    suffix = path.suffix[:20]
    return path.stem[: LONGEST - len(suffix)] + suffix


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
