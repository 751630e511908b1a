"""Spreadsheets as real programs write them: LibreOffice, xlwt and odfpy. Run by hand, where
those are installed (`pip install xlwt odfpy openpyxl`, and `soffice`): the files are committed."""

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

HERE = Path(__file__).parent
HEADER = ["id", "name", "born", "seen", "at", "member", "amount", "share", "twice", "wrong", "note"]
ROWS = [
    ["007", "Zoë Ångström", dt.date(1990, 2, 28), dt.datetime.fromisoformat("2024-01-15T10:30:05"),
     dt.time(9, 5), True, 7, 0.125, "=G2*2", "=NA()", "same"],
    ["00123456789012345678", "Ben", None, None, None, False, 12.5, 1, "=G3*2", "=1/0", "same"],
    [None] * len(HEADER),
    [None] * len(HEADER),
    ["9", "after two blank rows", None, None, None, None, -3, None, "=B2", None, "same"],
    ["10", "", None, None, None, None, 1e20, None, None, None, "same"],
]  # fmt: skip


def with_openpyxl(path: Path, *, truths: bool) -> None:
    """LibreOffice saves a truth as one where its cell has that format, in its own kind of file."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    for row in (HEADER, *ROWS):
        sheet.append(row)
    looks = [(2, 3, "yyyy-mm-dd"), (2, 4, "yyyy-mm-dd hh:mm:ss"), (2, 8, "0.0%")]
    if truths:
        looks += [(2, 6, "BOOLEAN"), (3, 6, "BOOLEAN")]
    for row, column, look in looks:
        sheet.cell(row, column).number_format = look
    second = book.create_sheet("Übersicht")
    second.append(["k", "v"])
    second.append(["a", 1])
    book.create_sheet("Empty")
    book.save(path)


def with_libreoffice(source: Path, kind: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation=file://{folder}/home", "--headless",
                "--convert-to", kind, "--outdir", folder, str(source),
            ],
            check=True,
        )  # fmt: skip
        (Path(folder) / f"source.{kind}").rename(target)


def with_xlwt(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("People")
    looks = {2: "YYYY-MM-DD", 3: "YYYY-MM-DD HH:MM:SS", 4: "HH:MM:SS", 7: "0.0%"}
    for line, row in enumerate((HEADER, *ROWS)):
        for place, value in enumerate(row):
            if value is None or (isinstance(value, str) and value.startswith("=")):
                continue
            style = xlwt.easyxf(num_format_str=looks[place]) if line and place in looks else None
            sheet.write(line, place, value, *([style] if style else []))
    sheet.row(1).set_cell_error(9, 0x2A)
    sheet.row(2).set_cell_error(9, 0x07)
    second = book.add_sheet("Übersicht")
    for line, row in enumerate((("k", "v"), ("a", 1))):
        for place, value in enumerate(row):
            second.write(line, place, value)
    book.add_sheet("Empty")
    book.save(str(path))


def with_odfpy(path: Path) -> None:
    """Cells and rows that are repeated, as only this format has them."""
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Repeated")
    book.spreadsheet.addElement(sheet)

    def row(*cells: tuple[str, int], times: int = 1) -> None:
        made = TableRow(numberrowsrepeated=times) if times > 1 else TableRow()
        for text, repeated in cells:
            facts = {"numbercolumnsrepeated": repeated} if repeated > 1 else {}
            cell = TableCell(valuetype="string", **facts) if text else TableCell(**facts)
            if text:
                cell.addElement(P(text=text))
            made.addElement(cell)
        sheet.addElement(made)

    row(("a", 1), ("b", 1), ("c", 1), ("d", 1))
    row(("x", 3), ("y", 1))
    row(("007", 1), ("", 2), ("z", 1), times=3)
    row(("", 4), times=2)
    row(("end", 1), ("", 3))
    row(("", 1), times=1_048_000)
    book.save(str(path))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.xlsx"
        for kind in ("ods", "xls", "xlsx"):
            with_openpyxl(source, truths=kind == "ods")
            with_libreoffice(source, kind, HERE / f"libreoffice.{kind}")
    with_xlwt(HERE / "xlwt.xls")
    with_odfpy(HERE / "odfpy.ods")


if __name__ == "__main__":
    sys.exit(main())
