import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from chat_bridge.errors import FileDamaged, UnknownSheet
from chat_bridge.model import Plan, Run, Source
from chat_bridge.workflow.plan import interpret
from chat_bridge.workflow.run import execute
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


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        (b'<c r="A2"><f>1+1</f></c>', 1),
        (b'<c r="A2"><f>1+1</f><v></v></c><c r="B2"><f>2</f><v/></c>', 2),
        (b'<c r="A2"><f t="shared" si="0"/></c><c r="B2"><f>2</f><v /></c>', 2),
        (b'<c r="A2"><f>1+1</f><v>2</v></c>', 0),
        (b'<c r="A2" t="str"><f>""</f><v></v></c>', 0),
        (b'<c r="A2" s="3"/><c r="B2" t="inlineStr"><is><t>&lt;f></t></is></c>', 0),
    ],
)
def test_formulas_that_were_never_calculated(tmp_path: Path, cells: bytes, missing: int) -> None:
    head = b'<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'
    body = head + b'<row r="2">' + cells + b"</row>"
    workbooks.package(tmp_path / "b.xlsx", {workbooks.SHEET_PATH: workbooks.sheet(body)})
    table = opened(Source(tmp_path / "b.xlsx", "b.xlsx"))
    told = "".join(table.remarks)
    assert told.startswith(f"{missing} formula") if missing else not told


def test_a_run_tells_of_formulas_without_values(tmp_path: Path) -> None:
    source = book(tmp_path / "b.xlsx", [["a", "b"], ["x", "=1+1"]])
    (tmp_path / "out").mkdir()
    plan = interpret("/to-csv")
    assert isinstance(plan, Plan)
    result = execute(Run(plan, source, tmp_path / "out"), lambda _: None)
    assert result.warnings == (
        "1 formula has no value stored, so its cell is blank; open the workbook in a "
        "spreadsheet program and save it to have values there.",
    )
