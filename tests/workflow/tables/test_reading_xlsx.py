import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from chat_bridge.errors import FileDamaged, UnknownSheet
from chat_bridge.model import Source
from chat_bridge.workflow.tables.reading import profile
from tests import workbooks
from tests.workflow.tables.books import LIMITS, book, opened, read


def test_every_kind_of_cell_becomes_text(tmp_path: Path) -> None:
    row = [
        "007",
        7,
        7.0,
        -2.5,
        1e20,
        1e-7,
        True,
        dt.datetime.fromisoformat("2024-01-15T10:30:00"),
        " x ",
    ]
    row += [dt.date(2024, 2, 29), dt.time(9, 5), dt.timedelta(hours=26, minutes=3), "=1+1", None]
    columns, rows = read(book(tmp_path / "b.xlsx", [[f"c{n}" for n in range(14)], row]))
    assert columns == tuple(f"c{n}" for n in range(14))
    assert rows == [
        (
            "007",
            "7",
            "7",
            "-2.5",
            "100000000000000000000",
            "1e-07",
            "True",
            "2024-01-15 10:30:00",
            " x ",
            "2024-02-29 00:00:00",
            "09:05:00",
            "26:03:00",
            None,  # a formula that nothing has calculated yet has no value
            None,
        )
    ]


def test_headers_are_text_unique_and_never_blank(tmp_path: Path) -> None:
    columns, _ = read(book(tmp_path / "b.xlsx", [["a", "a", None, 7, True, "a.1"], [1] * 6]))
    assert columns == ("a", "a.2", "Unnamed: 2", "7", "True", "a.1")


def test_blank_rows_stay_inside_and_go_at_the_end(tmp_path: Path) -> None:
    source = book(tmp_path / "b.xlsx", [["a", "b"], ["1", None], [None, None], ["2", ""], ["", ""]])
    assert read(source)[1] == [("1", None), (None, None), ("2", None)]


def test_leading_blank_rows_are_no_header(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["B3"], workbook.active["B4"] = "name", "Ann"
    workbook.save(tmp_path / "b.xlsx")
    assert read(Source(tmp_path / "b.xlsx", "b.xlsx")) == (("name",), [("Ann",)])


def test_header_only_and_empty_sheet(tmp_path: Path) -> None:
    assert read(book(tmp_path / "h.xlsx", [["a", "b"]])) == (("a", "b"), [])
    assert read(book(tmp_path / "e.xlsx", [])) == ((), [])


def test_more_rows_than_one_batch_and_a_text_column_that_changes_its_type(tmp_path: Path) -> None:
    rows = [[f"{n:06d}", n if n % 9_000 else "none"] for n in range(60_000)]
    _, found = read(book(tmp_path / "b.xlsx", [["id", "count"], *rows]))
    assert found == [(str(a), str(b)) for a, b in rows]


def test_sheets_are_chosen_by_name(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["first"])
    workbook.create_sheet("Kunden").append(["second"])
    workbook.create_chartsheet("Chart")
    workbook.save(tmp_path / "b.xlsx")
    source = Source(tmp_path / "b.xlsx", "b.xlsx")
    assert opened(source).sheet == "Sheet"
    assert opened(source, "kunden").columns == ("second",)
    with pytest.raises(UnknownSheet, match="'Sheet', 'Kunden'") as refusal:
        opened(source, "Orders")
    assert refusal.value.details["sheet"] == "Orders"
    assert profile(source, LIMITS, tmp_path).sheets == ("Sheet", "Kunden")


def test_escaped_characters_are_decoded_as_excel_does(tmp_path: Path) -> None:
    cell = b'<row><c t="inlineStr"><is><t>_x0041_</t></is></c></row>'
    path = tmp_path / "b.xlsx"
    workbooks.package(path, {"xl/worksheets/sheet1.xml": workbooks.sheet(cell * 2)})
    assert read(Source(path, "b.xlsx")) == (("A",), [("A",)])


def test_a_part_that_is_no_xml_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    workbooks.package(path, {"xl/workbook.xml": b"<workbook><sheets><sheet"})
    with pytest.raises(FileDamaged):
        opened(Source(path, "b.xlsx"))


def test_profile_guesses_types_and_shows_the_first_rows(tmp_path: Path) -> None:
    header = ["id", "mail", "joined", "paid", "amount", "note", "nothing"]
    day = dt.date(2024, 5, 1)
    rows = [[f"0{n}", f"a{n}@b.org", day, True, n * 1.5, "so so", None] for n in range(25)]
    found = profile(book(tmp_path / "b.xlsx", [header, *rows]), LIMITS, tmp_path)
    assert [column["type"] for column in found.columns] == [
        "text",
        "email",
        "date",
        "boolean",
        "number",
        "text",
        "blank",
    ]
    assert found.rows == found.preview["total_rows"] == 25
    assert len(found.preview["rows"]) == LIMITS.preview_rows
    assert found.preview["rows"][1] == [
        "01",
        "a1@b.org",
        "2024-05-01 00:00:00",
        "True",
        "1.5",
        "so so",
        "",
    ]
