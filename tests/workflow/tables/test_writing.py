import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from chat_bridge.errors import BadSheetName, SheetTooLarge
from chat_bridge.model import Source
from chat_bridge.workflow.tables import writing_xlsx
from chat_bridge.workflow.tables.frames import Layout
from chat_bridge.workflow.tables.safety import Changes
from chat_bridge.workflow.tables.writing import Written, write
from tests.workflow.tables.books import read, sheets

ODD = [
    ("007", "Zoë & <b>", '"quoted", too', " padded "),
    (None, "two\nlines", "tab\there", "]]>"),
    ("=1+1", "+49 30 123", "-5", "@SUM(A1)"),
    ("_x0041_x0042_", "_x000D_", "carriage\rreturn", "🙂 𝄞"),
]
NAMES = ("id", "name, or so", "=risky", "*")


def frame(rows: list[tuple[str | None, ...]], names: tuple[str, ...] = NAMES) -> pl.LazyFrame:
    return pl.LazyFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def written(path: Path, rows: list[tuple[str | None, ...]] = ODD, **options: Any) -> Written:
    return write(frame(rows), path, kind=path.suffix[1:], **options)


def csv_rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_workbook_comes_back_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    result = written(path)
    assert (result.rows, result.changes) == (4, Changes(as_text=1))
    assert read(Source(path, "out.xlsx")) == (NAMES, ODD)
    expected = [list(NAMES), *map(list, ODD)]
    expected[4][:2] = ["_x005F_x0041_x005F_x0042_", "_x005F_x000D_"]  # openpyxl decodes none
    assert sheets(path) == {"Sheet1": expected}
    assert pd.read_excel(path, dtype=str, engine="openpyxl").shape == (4, 4)
    with CalamineWorkbook.from_path(str(path)) as book:
        assert book.get_sheet_by_index(0).to_python()[3] == list(ODD[2])


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    import openpyxl

    written(tmp_path / "out.xlsx", layout=Layout(info_name="=out.xlsx"))
    for page in openpyxl.load_workbook(tmp_path / "out.xlsx"):
        assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)


def test_info_sheet(tmp_path: Path) -> None:
    write(
        frame([("1", None)], ("a", "b")),
        tmp_path / "o.xlsx",
        kind="xlsx",
        layout=Layout(info_name="out.xlsx"),
    )
    info = sheets(tmp_path / "o.xlsx")["Info"]
    created = info[2].pop()
    assert info == [
        ["Property", "Value"],
        ["File", "out.xlsx"],
        ["Created"],
        ["Rows", 1],
        ["Columns", 2],
        ["Column Names", "a, b"],
    ]
    age = dt.datetime.now().astimezone() - dt.datetime.fromisoformat(created).astimezone()
    assert dt.timedelta(0) <= age < dt.timedelta(minutes=1)


def test_info_gives_way_to_a_data_sheet_of_that_name(tmp_path: Path) -> None:
    written(tmp_path / "o.xlsx", layout=Layout("Info", "o.xlsx"))
    assert list(sheets(tmp_path / "o.xlsx")) == ["Info", "Info1"]


@pytest.mark.parametrize("sheet", ["a/b", "[x]", "what?", "", "'x'", "x" * 32])
def test_sheet_names_excel_refuses_are_refused(tmp_path: Path, sheet: str) -> None:
    with pytest.raises(BadSheetName):
        written(tmp_path / "o.xlsx", layout=Layout(sheet))


def test_columns_are_as_wide_as_their_text(tmp_path: Path) -> None:
    import openpyxl

    write(
        frame([("x" * 80, "ab", "1")], ("a", "b", "a longer name")),
        tmp_path / "o.xlsx",
        kind="xlsx",
    )
    page = openpyxl.load_workbook(tmp_path / "o.xlsx").active
    assert [page.column_dimensions[letter].width for letter in "ABC"] == [50, 4, 15]


def test_csv_is_plain_and_harmless(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    result = written(path)
    assert path.read_bytes().startswith(b'id,"name, or so",\'=risky,*\n007,Zo\xc3\xab & <b>,')
    rows = csv_rows(path)
    assert rows[3] == ["'=1+1", "+49 30 123", "-5", "'@SUM(A1)"]
    assert rows[2] == ["", "two\nlines", "tab\there", "]]>"]
    assert rows[4][2] == "carriage\rreturn"
    assert result.warnings == (
        "3 cells began like a formula and got a leading apostrophe; formulas=keep leaves formulas "
        "as they are.",
    )


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=cmd|' /C calc'!A0", False),
        ("-2+3+cmd|' /C calc'!A0", False),
        ("+HYPERLINK(1)", False),
        ("\t=1", False),
        ("\r=1", False),
        ("-A1", False),
        ("-1+A1", False),
        ("-5", True),
        ("-5.25%", True),
        ("-1,234.5", True),
        ("+1e-7", True),
        ("-.5", True),
        ("+49 (0)30 12-34/5", True),
        ("-", True),
        ("a=b", True),
    ],
)
def test_which_cells_a_spreadsheet_would_run(tmp_path: Path, cell: str, safe: bool) -> None:
    result = write(frame([(cell, "x")], ("a", "b")), tmp_path / "o.csv", kind="csv")
    assert csv_rows(tmp_path / "o.csv")[1][0] == (cell if safe else f"'{cell}")
    assert result.changes.neutralised == (not safe)


def test_a_blank_cell_in_an_only_column_is_no_blank_line(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    write(frame([("1",), (None,), ("",)], ("a",)), path, kind="csv")
    assert path.read_bytes() == b'a\n1\n""\n""\n'
    assert read(Source(path, "o.csv"))[1] == [("1",), (None,), (None,)]


def test_what_no_workbook_can_hold_is_cleaned_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    long = "é" * 40_000
    smile = "🙂" * 20_000
    result = write(
        frame([("a\x00b\x1f", long), ("\x1e\x1d￿", smile)], ("a", "b")), path, kind="xlsx"
    )
    _, rows = read(Source(path, "o.xlsx"))
    assert rows == [("ab", "é" * 32_767), (None, "🙂" * 16_383)]
    assert result.warnings == (
        "2 cells lost control characters no spreadsheet can hold.",
        "2 cells were cut to the 32,767 characters a cell can hold.",
    )


def test_more_rows_than_a_sheet_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_xlsx, "ROWS", 5)
    written(tmp_path / "o.xlsx")
    with pytest.raises(SheetTooLarge, match=r"more rows than a sheet can hold .* /to-csv"):
        written(tmp_path / "o.xlsx", [*ODD, ODD[0]])


def test_rows_are_reported_batch_by_batch(tmp_path: Path) -> None:
    heard: list[int] = []
    many = pl.LazyFrame({"n": range(400_000)})
    result = write(many, tmp_path / "o.csv", kind="csv", on_rows=heard.append)
    assert result.rows == heard[-1] == 400_000
    assert heard == sorted(heard)
    assert len(heard) > 1
    numbers = (tmp_path / "o.csv").read_text().split()
    assert numbers == ["n", *map(str, range(400_000))]


def test_preview_and_types_of_what_was_written(tmp_path: Path) -> None:
    rows = [(str(n), None if n % 2 else f"a{n}@b.org") for n in range(30)]
    result = write(frame(rows, ("n", "mail")), tmp_path / "o.csv", kind="csv")
    assert result.columns == (
        {"name": "n", "type": "number"},
        {"name": "mail", "type": "email"},
    )
    assert result.preview["total_rows"] == 30
    assert result.preview["rows"][:2] == [["0", "a0@b.org"], ["1", ""]]
    assert len(result.preview["rows"]) == 20


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_to_write(tmp_path: Path, kind: Any) -> None:
    path = tmp_path / f"o.{kind}"
    result = write(frame([], ("a", "b")), path, kind=kind)
    assert (result.rows, result.preview["rows"]) == (0, [])
    assert read(Source(path, path.name)) == (("a", "b"), [])


def test_a_sheet_without_columns(tmp_path: Path) -> None:
    assert (
        write(pl.LazyFrame(), tmp_path / "o.xlsx", kind="xlsx", layout=Layout(info_name="o")).rows
        == 0
    )
    assert sheets(tmp_path / "o.xlsx")["Sheet1"] in ([], [[None]])


CELL = st.text(st.characters(codec="utf-8"), max_size=10) | st.sampled_from(["=1", "_x0041_", " "])
HOLDABLE = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="￾￿")


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(st.text(HOLDABLE, max_size=10), st.text(HOLDABLE)), max_size=5))
def test_any_text_survives_a_workbook(rows, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    write(frame([*rows, ("end", "")], ("a", "b")), path, kind="xlsx")
    found = read(Source(path, "any.xlsx"))[1]
    assert found == [(a or None, b or None) for a, b in [*rows, ("end", "")]]


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL), max_size=5))
def test_any_text_is_written_by_both_writers(rows, tmp_path_factory) -> None:
    folder = tmp_path_factory.getbasetemp()
    for kind in ("csv", "xlsx"):
        result = write(frame(rows, ("a", "b")), folder / f"all.{kind}", kind=kind)  # type: ignore[arg-type]  # a parametrised text
        assert result.rows == len(rows)
    assert len(csv_rows(folder / "all.csv")) == len(rows) + 1
    assert not any(row[0][:1] in tuple("=@\t\r") for row in csv_rows(folder / "all.csv")[1:])


def test_what_was_calculated_is_a_number_in_a_workbook(tmp_path: Path) -> None:
    columns = {
        "text": ["007", None, "1e3"],
        "whole": [3, None, 2**60],
        "part": [2.5, -1e-7, float("inf")],
        "*": [True, None, False],
    }
    write(pl.LazyFrame(columns), tmp_path / "o.xlsx", kind="xlsx")
    _, *rows = sheets(tmp_path / "o.xlsx")["Sheet1"]
    assert rows == [
        ["007", 3, 2.5, True],
        [None, None, -1e-7, None],
        ["1e3", str(2**60), "inf", False],
    ]
    assert all(type(row[1]) is not float for row in rows), "whole numbers have no point"
    write(pl.LazyFrame(columns), tmp_path / "o.csv", kind="csv")
    assert csv_rows(tmp_path / "o.csv")[1] == ["007", "3", "2.5", "True"]
