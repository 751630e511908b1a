"""How a CSV is written: its encoding and its delimiter, judged by its beginning."""

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
REPAIRED = "cp1252-repair"

_SAMPLE = 1 << 18
_RECORDS = 60
_SEPARATOR_HINT = "sep="


@dataclass(frozen=True)
class Dialect:
    """`plain`: UTF-8 bytes that need no rewriting before they are read."""

    delimiter: str
    encoding: str
    hinted: bool = False  # the first line is Excel's `sep=;`, not a header

    @property
    def plain(self) -> bool:
        return self.encoding in {"utf-8", "utf-8-sig"} and not self.hinted


def detect(path: Path, name: str, header_row: int | None = None) -> Dialect:
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    encoding = _encoding(head)
    sample = head.decode(encoding, REPAIRED if encoding == "utf-8" else "replace")
    first = sample.partition("\n")[0].rstrip("\r")
    if first.lower().startswith(_SEPARATOR_HINT) and first[4:] in DELIMITERS:
        return Dialect(first[4:], encoding, hinted=True)
    if name.lower().endswith(".tsv"):
        return Dialect("\t", encoding)
    below = "".join(sample.splitlines(keepends=True)[max(0, (header_row or 1) - 1) :])
    return Dialect(_delimiter(below, whole=len(head) < _SAMPLE), encoding)


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 and UTF-32 by their marks, or by the zeros that western text has in them."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"  # asked first: the mark of little-endian UTF-16 begins the same way
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:2000]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    half = max(1, len(sample) // 2)
    if zeros[1] > 0.7 * half and zeros[0] == 0:
        return "utf-16-le"
    if zeros[0] > 0.7 * half and zeros[1] == 0:
        return "utf-16-be"
    return _utf_32(sample)


def _utf_32(sample: bytes) -> str | None:
    """Each character takes four bytes, of which the highest is always zero."""
    quarter = len(sample) // 4
    zeros = [sample[place::4].count(0) for place in range(4)]
    if not quarter or len(sample) % 4:
        return None
    if zeros[3] == quarter and zeros[2] > 0.7 * quarter and not zeros[0]:
        return "utf-32-le"
    if zeros[0] == quarter and zeros[1] > 0.7 * quarter and not zeros[3]:
        return "utf-32-be"
    return None


def _encoding(head: bytes) -> str:
    wide = wide_encoding(head)
    if wide:
        return wide
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        beyond_ascii = any(byte >= 0x80 for byte in head[: error.start])
        return "utf-8" if beyond_ascii else "cp1252"
    return "utf-8" if text or not head else "cp1252"


def _repair(error: UnicodeError) -> tuple[str, int]:
    """A stray byte in UTF-8 text is what Windows programs write: cp1252, else latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_western(byte) for byte in bad), error.end


def _western(byte: int) -> str:
    one = bytes((byte,))
    try:
        return one.decode("cp1252")
    except UnicodeDecodeError:  # 81, 8D, 8F, 90 and 9D have no place in cp1252
        return one.decode("latin-1")


codecs.register_error(REPAIRED, _repair)


def _delimiter(sample: str, *, whole: bool) -> str:
    lines = sample.splitlines(keepends=True)
    if not whole and len(lines) > 1:
        lines.pop()  # cut in the middle
    return max(DELIMITERS, key=lambda delimiter: _agreement(lines, delimiter))


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How many records have as many fields as the header, and how many fields that are."""
    counts = []
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if record:
                counts.append(len(record))
            if len(counts) == _RECORDS:
                break
    except csv.Error:
        return 0.0, 0
    if not counts or counts[0] < 2:
        return 0.0, 0
    return counts.count(counts[0]) / len(counts), counts[0]
