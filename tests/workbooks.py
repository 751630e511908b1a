"""The smallest workbook a reader accepts, with parts to put in place of its own."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_PATH = "xl/worksheets/sheet1.xml"
OPEN = f'<worksheet xmlns="{MAIN}">'.encode()
HONEST = b'<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
HELLO = b'<row r="2"><c r="A2" t="inlineStr"><is><t>Ann</t></is></c></row>'

Content = bytes | Iterable[bytes]


def package(path: Path, parts: dict[str, Content], *, sheet_path: str = SHEET_PATH) -> None:
    """A workbook with these parts in place of (or beside) the ordinary ones."""
    every = _ordinary(sheet_path) | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in every.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)


def sheet(body: Content, *, before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    yield before + OPEN + b"<sheetData>"
    yield from [body] if isinstance(body, bytes) else body
    yield b"</sheetData>" + after + b"</worksheet>"


def _ordinary(sheet_path: str) -> dict[str, Content]:
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
            f'"{_KIND}.sheet.main+xml"/><Override PartName="/{sheet_path}" ContentType='
            f'"{_KIND}.worksheet+xml"/></Types>'
        ).encode(),
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": _relations("worksheet", sheet_path.removeprefix("xl/")),
        sheet_path: b"".join(sheet(HONEST + HELLO)),
    }


def _relations(kind: str, target: str) -> bytes:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    ).encode()
