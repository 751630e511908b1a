"""What a file really is, judged by its first bytes, in words for people."""

import codecs
import mmap
import zipfile
from pathlib import Path

from chat_bridge.workflow.tables.packages import directory_is_bounded

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
TEXTS = frozenset({".csv", ".tsv"})
ALLOWED = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"BM", "an image (BMP)"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_TEXTUAL = frozenset({b"%PDF", b"{\\rtf"})
_PACKAGES = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
)


def recognise(path: Path) -> str | None:
    """None when nothing but (perhaps) plain text was recognised."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(ZIP_MAGIC):
        return _package(path)
    if head.startswith(_OLE_MAGIC):
        return _compound(path)
    text = _is_text(head)
    for magic, words in _MAGIC:
        if head.startswith(magic) and (magic in _TEXTUAL or not text):
            return words
    return _markup(head)


def _is_text(head: bytes) -> bool:
    """So that a table whose first column is called `BMI` is no bitmap."""
    if b"\x00" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _markup(head: bytes) -> str | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1024].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<table")):
        return "an HTML page"
    if not start.startswith(b"<?xml"):
        return None
    if b"<html" in start:
        return "an HTML page"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "an XML spreadsheet (Excel 2003)"
    return "an XML file"


def _compound(path: Path) -> str:
    """OLE compound files hold their stream names in UTF-16, in a sector anywhere in the file."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            return "a password-protected (encrypted) workbook"
        if data.find("WordDocument".encode("utf-16-le")) >= 0:
            return "an old Word document (.doc)"
    return "an old Excel workbook (.xls)"


def plain(path: Path) -> str:
    """For a file without any known magic."""
    with path.open("rb") as file:
        head = file.read(4096)
    return "plain text" if head and b"\x00" not in head else "a file of an unknown kind"


def _package(path: Path) -> str:
    if not directory_is_bounded(path):
        return "a ZIP archive"
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename.lower() for info in archive.infolist()}
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mimetype = archive.read("mimetype")
                return f"an OpenDocument file ({mimetype.decode('ascii', 'replace')})"
    except (zipfile.BadZipFile, OSError, ValueError, KeyError):
        return "a broken ZIP archive"
    if "xl/workbook.xml" in names:
        return "an Excel workbook"
    for name, words in _PACKAGES:
        if name in names:
            return words
    return "a ZIP archive"
