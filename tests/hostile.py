"""Hostile and mistaken uploads, built when a test runs: one function a file, no binary fixtures."""

import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.workbooks import HELLO, HONEST, MAIN, SHEET_PATH, package, sheet

MIB = 1 << 20


@dataclass(frozen=True)
class Hostile:
    """A file nobody may make us read: its name, how it is built, the word it is refused with."""

    name: str
    build: Callable[[Path], None]
    code: str

    def write(self, folder: Path) -> Path:
        """Built once a folder: some take a second."""
        path = folder / self.name
        if not path.exists():
            self.build(path)
        return path


def _repeated(piece: bytes, times: int) -> Iterator[bytes]:
    block = piece * max(1, MIB // len(piece))
    for _ in range(times // (len(block) // len(piece))):
        yield block


def _spaces(path: Path) -> None:
    package(path, {SHEET_PATH: sheet(_repeated(b" ", 1024 * MIB))})


def _one_cell(path: Path) -> None:
    def body() -> Iterator[bytes]:
        yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
        yield from _repeated(b"a", 1024 * MIB)
        yield b"</t></is></c></row>"

    package(path, {SHEET_PATH: sheet(body())})


def _long_text(path: Path) -> None:
    """The same small enough to pass every size limit."""
    text = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"ab" * MIB + b"</t></is></c></row>"
    package(path, {SHEET_PATH: sheet(text)})


def _shared_strings(path: Path) -> None:
    def body() -> Iterator[bytes]:
        yield f'<sst xmlns="{MAIN}">'.encode()
        yield from _repeated(b"<si><t/></si>", 20_000_000)
        yield b"</sst>"

    package(path, {"xl/sharedStrings.xml": body()})


def _many_cells(path: Path) -> None:
    row = b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"
    package(path, {SHEET_PATH: sheet(_repeated(row, 400_000))})


def _cells_in_one_row(path: Path) -> None:
    package(path, {SHEET_PATH: sheet(_repeated(b"<c><v>1</v></c>", 13_000_000))})


def _far_cell(path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    package(path, {SHEET_PATH: sheet(HONEST + far)})


def _far_row(path: Path) -> None:
    far = b'<row r="1048576"><c r="Z1048576"><v>1</v></c></row>'
    package(path, {SHEET_PATH: sheet(HONEST + far)})


def _prefixed_far_cell(path: Path) -> None:
    package(
        path,
        {
            SHEET_PATH: f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1048576"><x:c '
            'r="XFD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'.encode()
        },
    )


def _renamed_far_cell(path: Path) -> None:
    """The sheet lies where no sheet ever lies."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    hidden = "xl/elsewhere/data.xml"
    package(path, {hidden: sheet(HONEST + far)}, sheet_path=hidden)


def hidden_far_cell(path: Path) -> None:
    """No byte scan finds this sheet: only the limits of the child stop it."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    comment = b"<!--" + b" " * 100_000 + b"-->"
    hidden = "xl/elsewhere/data.xml"
    package(path, {hidden: sheet(HONEST + far, before=comment)}, sheet_path=hidden)


def _merged(path: Path) -> None:
    merge = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    package(path, {SHEET_PATH: sheet(HONEST, after=merge)})


_LAUGHS = (
    b'<!DOCTYPE lolz [<!ENTITY a "lol">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + depth, b"&%c;" % (97 + depth) * 10) for depth in range(9)
    )
    + b"]>"
)
_LAUGH = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'


def _laughs_in_sheet(path: Path) -> None:
    package(path, {SHEET_PATH: sheet(_LAUGH, before=_LAUGHS)})


def _laughs_in_strings(path: Path) -> None:
    strings = _LAUGHS + f'<sst xmlns="{MAIN}"><si><t>&j;</t></si></sst>'.encode()
    package(path, {"xl/sharedStrings.xml": strings})


def _quadratic(path: Path) -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 100_000 + b'">]>'
    package(path, {SHEET_PATH: sheet(_LAUGH.replace(b"&j;", b"&a;" * 1000), before=entity)})


def _external(path: Path) -> None:
    entity = b'<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
    package(path, {SHEET_PATH: sheet(_LAUGH, before=entity)})


def _late_dtd(path: Path) -> None:
    """Behind a comment longer than any first look."""
    before = b"<!-- " + b"<a> " * 200_000 + b"-->" + _LAUGHS
    package(path, {SHEET_PATH: sheet(_LAUGH, before=before)})


def _wide_dtd(path: Path) -> None:
    text = (_LAUGHS + b"".join(sheet(_LAUGH))).decode()
    package(path, {SHEET_PATH: text.encode("utf-16")})


def _deep(path: Path) -> None:
    depth = 200_000
    package(path, {SHEET_PATH: sheet(b"<a>" * depth + b"</a>" * depth)})


def _entries(path: Path) -> None:
    """Two hundred thousand names in the directory, all for the same bytes."""
    package(path, {})
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(200_000):
            name = zipfile.ZipInfo(f"xl/media/{number}")
            name.header_offset = name.CRC = 0
            archive.filelist.append(name)
        archive.writestr("xl/media/last", b"")


def _twice(path: Path) -> None:
    package(path, {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET_PATH.upper(), b"<worksheet/>")


def _traversal(path: Path) -> None:
    package(path, {"../../evil.xml": b"<a/>"})


def _lying_size(path: Path) -> None:
    """The directory declares a few bytes where megabytes lie."""
    package(path, {SHEET_PATH: sheet(_repeated(HELLO, 100_000))})
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo(SHEET_PATH).file_size
    content = path.read_bytes()
    start = content.rindex(b"PK\x01\x02", 0, content.rindex(SHEET_PATH.encode()))
    declared = struct.pack("<I", true)
    at = content.index(declared, start)
    path.write_bytes(content[:at] + struct.pack("<I", 500) + content[at + 4 :])


def _cut_off(path: Path) -> None:
    package(path, {})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _html(path: Path) -> None:
    path.write_text("<!DOCTYPE html>\n<html><body><table><tr><td>1</td></tr></table></body></html>")


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing to calculate")


def _word(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")


def _compound(stream: str) -> Callable[[Path], None]:
    def build(path: Path) -> None:
        magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        path.write_bytes(magic + b"\x00" * 1016 + stream.encode("utf-16-le") + b"\x00" * 1000)

    return build


def _bytes(content: bytes) -> Callable[[Path], None]:
    def build(path: Path) -> None:
        path.write_bytes(content)

    return build


def _many_columns(path: Path) -> None:
    path.write_bytes(b"a," * 2_000_000 + b"a\n")


def _unclosed(path: Path) -> None:
    path.write_bytes(b'name,note\nAnn,"' + b"never closed, \n" * (50 * MIB // 15))


def _many_csv_cells(path: Path) -> None:
    """Most of them nowhere in the file: a reader makes them up."""
    path.write_bytes(b"a,b,c,d,e,f\n" + b"1\n" * 2_100_000)


WORKBOOKS = (
    Hostile("spaces.xlsx", _spaces, "file_too_large_unpacked"),
    Hostile("one-cell.xlsx", _one_cell, "file_too_large_unpacked"),
    Hostile("long-text.xlsx", _long_text, "sheet_too_large"),
    Hostile("shared-strings.xlsx", _shared_strings, "sheet_too_large"),
    Hostile("many-cells.xlsx", _many_cells, "sheet_too_large"),
    Hostile("one-row.xlsx", _cells_in_one_row, "sheet_too_large"),
    Hostile("far-cell.xlsx", _far_cell, "sheet_too_large"),
    Hostile("far-row.xlsx", _far_row, "sheet_too_large"),
    Hostile("prefixed-far-cell.xlsx", _prefixed_far_cell, "sheet_too_large"),
    Hostile("renamed-far-cell.xlsx", _renamed_far_cell, "sheet_too_large"),
    Hostile("merged.xlsx", _merged, "sheet_too_large"),
    Hostile("laughs-in-sheet.xlsx", _laughs_in_sheet, "file_has_dtd"),
    Hostile("laughs-in-strings.xlsx", _laughs_in_strings, "file_has_dtd"),
    Hostile("quadratic.xlsx", _quadratic, "file_has_dtd"),
    Hostile("external.xlsx", _external, "file_has_dtd"),
    Hostile("late-dtd.xlsx", _late_dtd, "file_has_dtd"),
    Hostile("wide-dtd.xlsx", _wide_dtd, "file_damaged"),
    Hostile("deep.xlsx", _deep, "file_damaged"),
    Hostile("entries.xlsx", _entries, "file_too_large_unpacked"),
    Hostile("twice.xlsx", _twice, "file_damaged"),
    Hostile("traversal.xlsx", _traversal, "file_damaged"),
    Hostile("lying-size.xlsx", _lying_size, "file_damaged"),
    Hostile("cut-off.xlsx", _cut_off, "file_damaged"),
)

CSVS = (
    Hostile("many-columns.csv", _many_columns, "sheet_too_large"),
    Hostile("many-cells.csv", _many_csv_cells, "sheet_too_large"),
    Hostile("unclosed.csv", _unclosed, "bad_csv"),
    Hostile("unclosed-end.csv", _bytes(b'a,b\n1,"2\n3,4\n'), "bad_csv"),
    Hostile("nul.csv", _bytes(b"a,b\n1,\x002\n"), "bad_csv"),
    Hostile("long-row.csv", _bytes(b"a,b\n1,2\n1,2,3\n"), "bad_csv"),
    Hostile("half-utf16.csv", _bytes("a,b\n1,2\n".encode("utf-16")[:-1]), "bad_csv"),
    Hostile("blank.csv", _bytes(b"\n  \n\n"), "empty_file"),
    Hostile("empty.csv", _bytes(b""), "empty_file"),
)

# The actual kind, in words, is part of the sentence.
MISTAKEN = (
    (Hostile("page.xlsx", _html, "wrong_file_kind"), "an HTML page"),
    (Hostile("page.csv", _html, "wrong_file_kind"), "an HTML page"),
    (Hostile("archive.xlsx", _zip, "wrong_file_kind"), "a ZIP archive"),
    (Hostile("letter.xlsx", _word, "wrong_file_kind"), "a Word document"),
    (Hostile("old.xlsx", _compound("Workbook"), "wrong_file_kind"), "an old Excel workbook (.xls)"),
    (
        Hostile("locked.xlsx", _compound("EncryptedPackage"), "wrong_file_kind"),
        "a password-protected (encrypted) workbook",
    ),
    (Hostile("text.xlsx", _bytes(b"a,b\n1,2\n"), "wrong_file_kind"), "plain text"),
    (Hostile("paper.xlsx", _bytes(b"%PDF-1.7\n"), "wrong_file_kind"), "a PDF document"),
    (Hostile("photo.csv", _bytes(b"\x89PNG\r\n\x1a\n"), "wrong_file_kind"), "an image (PNG)"),
    (Hostile("photo.xlsx", _bytes(b"\xff\xd8\xff\xe0"), "wrong_file_kind"), "an image (JPEG)"),
    (Hostile("book.csv", lambda path: package(path, {}), "wrong_file_kind"), "an Excel workbook"),
    (Hostile("many-entries.csv", _entries, "wrong_file_kind"), "a ZIP archive"),
)
