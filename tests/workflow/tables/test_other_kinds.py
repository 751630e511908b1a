"""Old workbooks and OpenDocument spreadsheets: read like any other, refused when hostile."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_bridge.errors import BadArgument, FileRefused, UnknownSheet
from chat_bridge.model import Source
from chat_bridge.workflow.tables import guard
from chat_bridge.workflow.tables.reading import open_table
from tests import spreadsheets, workbooks
from tests.spreadsheets import compound, make_ods, make_xls, ods_table, workbook_stream
from tests.workflow.tables.books import LIMITS, book, read, rows_of, text_file

SHEETS = {"One": [["id", "n"], ["007", 1.5], [None, 2]], "Two": [["id", "x"], ["8", "Zoë"]]}
MAKE: dict[str, Callable[[Path], Path]] = {
    "a.xls": lambda path: make_xls(path, SHEETS),
    "a.ods": lambda path: make_ods(path, "".join(ods_table(*one) for one in SHEETS.items())),
}


@pytest.mark.parametrize("name", MAKE)
def test_cells_are_text_whatever_the_file(name: str, tmp_path: Path) -> None:
    source = Source(MAKE[name](tmp_path / "blob-without-a-name"), name)
    assert read(source) == (("id", "n"), [("007", "1.5"), (None, "2")])
    assert read(source, "two") == (("id", "x"), [("8", "Zoë")])
    with pytest.raises(UnknownSheet) as refused:
        read(source, "Too")
    assert refused.value.details["nearest"] == "Two"


@pytest.mark.parametrize("name", MAKE)
def test_all_sheets_one_below_the_other(name: str, tmp_path: Path) -> None:
    assert read(Source(MAKE[name](tmp_path / name), name), "all") == (
        ("sheet", "id", "n", "x"),
        [("One", "007", "1.5", None), ("One", None, "2", None), ("Two", "8", None, "Zoë")],
    )


def test_a_sheet_that_is_called_all(tmp_path: Path) -> None:
    source = book(tmp_path / "a.xlsx", [["sheet"], ["x"]], sheet="All")
    assert read(source, "all") == (("sheet",), [("x",)])


def far_cells() -> bytes:
    cells = spreadsheets.number(0, 0, 1) + spreadsheets.number(65_535, 255, 1)
    return workbook_stream({"S": spreadsheets.begin(0x10) + cells + spreadsheets.record(0x0A)})


def one(repeated: str, cell: str = "<text:p>x</text:p>") -> str:
    return (
        f"<table:table table:name='S'><table:table-row{repeated}><table:table-cell "
        f"office:value-type='string'>{cell}</table:table-cell></table:table-row></table:table>"
    )


def many_columns(times: int) -> str:
    return (
        "<table:table table:name='S'><table:table-row><table:table-cell x='>' "
        f"table:number-columns-repeated='{times}'/><table:table-cell office:value-type='string'>"
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    )


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "far.xls": (lambda path: path.write_bytes(compound(far_cells())), "sheet_too_large"),
    "loop.xls": (lambda path: path.write_bytes(loop()), "file_damaged"),
    "cut.xls": (lambda path: path.write_bytes(compound(far_cells())[:2000]), "file_damaged"),
    "secret.xls": (
        lambda path: path.write_bytes(
            compound(
                workbook_stream(
                    {"S": spreadsheets.sheet_records([["a"]])}, spreadsheets.record(0x2F, bytes(6))
                )
            )
        ),
        "wrong_file_kind",
    ),
    "word.xls": (
        lambda path: path.write_bytes(compound(b"text", "WordDocument")), "wrong_file_kind",
    ),
    "empty-header.xls": (
        lambda path: path.write_bytes(spreadsheets.compound(b"")[:8]), "file_damaged",
    ),
    "new.xls": (lambda path: workbooks.package(path, {}), "wrong_file_kind"),
    "page.xls": (lambda path: path.write_text("<html><table><tr><td>1"), "wrong_file_kind"),
    "rows.ods": (
        lambda path: make_ods(path, one(" table:number-rows-repeated='20000000'")),
        "sheet_too_large",
    ),
    "columns.ods": (lambda path: make_ods(path, many_columns(900_000_000)), "sheet_too_large"),
    "spaces.ods": (
        lambda path: make_ods(path, one("", "<text:p><text:s text:c='999999999'/></text:p>")),
        "sheet_too_large",
    ),
    "dtd.ods": (
        lambda path: make_ods(path, "<!DOCTYPE x [<!ENTITY a 'b'>]>" + one("")), "file_has_dtd",
    ),
    "secret.ods": (
        lambda path: make_ods(path, one(""), manifest="<encryption-data/>"), "wrong_file_kind",
    ),
    "text.ods": (
        lambda path: make_ods(
            path, one(""), mimetype="application/vnd.oasis.opendocument.text"
        ),
        "wrong_file_kind",
    ),
    "plain.ods": (lambda path: path.write_text("a,b\n1,2\n"), "wrong_file_kind"),
}  # fmt: skip


def loop() -> bytes:
    """The directory's chain comes back to its beginning."""
    return compound(far_cells(), loop=True)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_by_name(name: str, tmp_path: Path) -> None:
    make, code = HOSTILE[name]
    make(tmp_path / name)
    started = time.process_time()
    with pytest.raises(FileRefused) as refusal:
        open_table(Source(tmp_path / name, name), None, LIMITS, tmp_path)
    assert time.process_time() - started < 3
    assert refusal.value.code == code
    assert name in refusal.value.message


def test_repetitions_at_the_end_cost_nothing(tmp_path: Path) -> None:
    """As every program writes them: blank columns and rows to the end of the sheet."""
    blank = (
        "<table:table-row table:number-rows-repeated='1048000'>"
        "<table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
    )
    body = ods_table("S", [["a", "b"], ["1", None]]).replace(
        "</table:table>", f"{blank}</table:table>"
    )
    source = Source(make_ods(tmp_path / "a.ods", body), "a.ods")
    assert read(source) == (("a", "b"), [("1", None)])


@pytest.mark.parametrize("name", ["far.xls", "rows.ods"])
def test_an_upload_is_judged_by_its_outside_only(name: str, tmp_path: Path) -> None:
    HOSTILE[name][0](tmp_path / name)
    started = time.process_time()
    guard.check_upload(tmp_path / name, name, LIMITS)
    assert time.process_time() - started < 0.2


ROWS = [["Report", None], [None, None], ["id", "n"], ["007", "x"]]


@pytest.mark.parametrize(
    ("header_row", "columns", "rows"),
    [
        (None, ("Report", "Unnamed: 1"), 3),
        (3, ("id", "n"), 1),
        (0, ("Column 1", "Column 2"), 4),
    ],
)
def test_a_header_on_another_row(
    header_row: int | None, columns: tuple[str, ...], rows: int, tmp_path: Path
) -> None:
    source = book(tmp_path / "a.xlsx", ROWS)
    found = open_table(source, None, LIMITS, tmp_path, header_row=header_row)
    assert (found.columns, len(rows_of(found))) == (columns, rows)


def test_a_header_on_another_line_of_a_csv(tmp_path: Path) -> None:
    source = text_file(tmp_path / "a.csv", b"Report\n\nid;n\n007;x\n8;y\n")
    found = open_table(source, None, LIMITS, tmp_path, header_row=3)
    assert (found.columns, rows_of(found)) == (("id", "n"), [("007", "x"), ("8", "y")])
    assert found.rows == 2
    source = text_file(tmp_path / "b.csv", b"1,2\n3,4\n")
    found = open_table(source, None, LIMITS, tmp_path, header_row=0)
    assert (found.columns, rows_of(found)) == (("Column 1", "Column 2"), [("1", "2"), ("3", "4")])


def test_a_csv_may_have_any_number_of_cells(tmp_path: Path) -> None:
    from dataclasses import replace

    source = text_file(tmp_path / "a.csv", b"a,b\n" + b"1,2\n" * 1000)
    found = open_table(source, None, replace(LIMITS, cells=100), tmp_path)
    assert found.rows == 1000
    hollow = text_file(tmp_path / "b.csv", b"," * 1000 + b"\n" + b"1\n" * 1000)
    with pytest.raises(FileRefused, match="too large"):
        open_table(hollow, None, replace(LIMITS, cells=100), tmp_path)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_header_beyond_the_end_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    made = book(path, [["id"], ["1"]]) if name == "a.xlsx" else text_file(path, b"id\n1\n")
    with pytest.raises(BadArgument, match=rf"'{name}' has no row 9 to take the header from"):
        open_table(made, None, LIMITS, tmp_path, header_row=9)
