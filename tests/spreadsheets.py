"""Old workbooks (.xls) and OpenDocument spreadsheets (.ods), built byte by byte: no library that
writes them is kept well enough to depend on."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Cell = str | float | None
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def begin(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 6))


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def label(row: int, column: int, text: str) -> bytes:
    head = struct.pack("<HHHHB", row, column, 0, len(text), 1)
    return record(0x0204, head + text.encode("utf-16-le"))


def sheet_records(rows: Sequence[Sequence[Cell]]) -> bytes:
    cells = [
        number(y, x, value) if isinstance(value, (int, float)) else label(y, x, value)
        for y, row in enumerate(rows)
        for x, value in enumerate(row)
        if value is not None
    ]
    return begin(0x10) + b"".join(cells) + record(0x0A)


def workbook_stream(sheets: Mapping[str, bytes], extra: bytes = b"") -> bytes:
    """The globals name where each sheet begins."""
    names = {title: title.encode("utf-16-le") for title in sheets}
    length = len(begin(5)) + len(extra) + len(record(0x0A))
    length += sum(4 + 8 + len(name) for name in names.values())
    bounds, at = b"", length
    for title, name in names.items():
        bounds += record(0x85, struct.pack("<IHBB", at, 0, len(title), 1) + name)
        at += len(sheets[title])
    return begin(5) + extra + bounds + record(0x0A) + b"".join(sheets.values())


def compound(stream: bytes, name: str = "Workbook", *, loop: bool = False) -> bytes:
    """A compound file with one stream: header, table of sectors, directory, the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\x00")
    sectors = len(stream) // SECTOR
    fats = -(-(sectors + 2) // (SECTOR // 4))
    first = fats + 1
    chain = [*range(first + 1, first + sectors), END]
    table = [FAT] * fats + [fats if loop else END, *chain]
    table += [FREE] * (fats * SECTOR // 4 - len(table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", fats, fats, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(fats), *[FREE] * (109 - fats))
    directory = entry("Root Entry", 5, END, 0, child=1) + entry(name, 2, first, len(stream))
    directory += entry("", 0, 0, 0) * 2
    return header + struct.pack(f"<{len(table)}I", *table) + directory + stream


def entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00" if name else b""
    head = text.ljust(64, b"\x00") + struct.pack("<HBB", len(text), kind, 1)
    return (
        head
        + struct.pack("<III", FREE, FREE, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )


def make_xls(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    made = {title: sheet_records(rows) for title, rows in sheets.items()}
    path.write_bytes(compound(workbook_stream(made)))
    return path


def ods_cell(value: Cell, about: str = "") -> str:
    if value is None:
        return f"<table:table-cell{about}/>"
    if isinstance(value, float | int):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"{about}>'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="string"{about}>'
        f"<text:p>{escape(value)}</text:p></table:table-cell>"
    )


def ods_table(title: str, rows: Sequence[Sequence[Cell]]) -> str:
    lines = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows
    )
    return f'<table:table table:name="{title}">{lines}</table:table>'


def make_ods(path: Path, body: str, *, mimetype: str = MIMETYPE, manifest: str = "") -> Path:
    """`body` is what stands inside of the spreadsheet: tables."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}><office:body>'
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("content.xml", content)
    return path
