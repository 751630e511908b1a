"""`formulas=keep`: what begins like a formula is live in the result, there only and told."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from chat_bridge.errors import BadArgument
from chat_bridge.model import Plan, Run, RunResult, Source
from chat_bridge.workflow.plan import interpret
from chat_bridge.workflow.run import execute
from chat_bridge.workflow.tables.formulas import is_formula
from chat_bridge.workflow.tables.frames import FileKind, Layout
from chat_bridge.workflow.tables.writing import write
from tests import workbooks

LIVE = '=HYPERLINK("http://x.example/?a=1&b=<2>","see "&A2)'
ROWS = [("1", "=1+1"), ("007", LIVE), ("=(", "@SUM(A1)"), ("-5", "=== Total ===")]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "ledger.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "=what"), *ROWS])
    return Source(path, path.name)


def run(command: str, source: Source) -> RunResult:
    plan = interpret(command)
    assert isinstance(plan, Plan)
    folder = source.path.parent / "out"
    folder.mkdir(exist_ok=True)
    return execute(Run(plan, source, folder), lambda _progress: None)


def formulas(path: Path) -> dict[str, Any]:
    page = openpyxl.load_workbook(path).worksheets[0]
    cells = (cell for row in page.iter_rows() for cell in row)
    return {cell.coordinate: cell.value for cell in cells if cell.data_type == "f"}


@pytest.mark.parametrize("asked", ["", " formulas=text"])
def test_a_workbook_holds_none_unless_asked(source: Source, asked: str) -> None:
    result = run(f"/to-xlsx{asked}", source)
    assert formulas(result.outputs[0].path) == {}
    assert result.data["changes"]["formulas_neutralised"] == 4
    assert "formulas_kept" not in result.data["changes"]
    assert result.warnings == (
        "4 cells began like a formula and stayed text; formulas=keep leaves formulas as they are.",
    )


def test_a_workbook_keeps_those_that_can_be_one(source: Source) -> None:
    result = run("/to-xlsx formulas=keep", source)
    assert formulas(result.outputs[0].path) == {"B2": "=1+1", "B3": LIVE}
    rows = openpyxl.load_workbook(result.outputs[0].path).worksheets[0].iter_rows(values_only=True)
    assert next(iter(rows)) == ("id", "=what")
    changes = result.data["changes"]
    assert (changes["formulas_kept"], changes["formulas_neutralised"]) == (2, 2)
    assert result.warnings == (
        "2 cells began like a formula and can be run now, as formulas=keep asked.",
        "2 cells began like a formula, can be none and stayed text.",
    )


def test_a_csv_keeps_all(source: Source) -> None:
    result = run("/dedupe | to-csv formulas=keep", source)
    with result.outputs[0].path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["id", "=what"], *map(list, ROWS)]
    assert result.data["changes"]["formulas_kept"] == 6
    assert result.warnings == (
        "6 cells began like a formula and can be run now, as formulas=keep asked.",
    )


def test_without_it_the_apostrophe_is_told_and_all_that_was_added(source: Source) -> None:
    result = run("/to-csv", source)
    with result.outputs[0].path.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    assert [[cell.removeprefix("'") for cell in row] for row in found[1:]] == list(map(list, ROWS))
    assert result.data["changes"]["formulas_neutralised"] == 6
    assert "leading apostrophe; formulas=keep" in result.warnings[0]


def test_any_step_may_say_it(source: Source) -> None:
    (output,) = run("/extract '=what' formulas=keep | dedupe | to-xlsx", source).outputs
    assert set(formulas(output.path).values()) == {"=1+1", LIVE}


def test_what_holds_no_formulas_says_so(source: Source) -> None:
    said = "Only a workbook or a CSV can hold formulas, so formulas=keep was ignored."
    for command in ("/to-sql table=t formulas=keep", "/info formulas=keep"):
        assert said in run(command, source).warnings


def test_formulas_of_a_workbook_are_values_and_that_is_told(tmp_path: Path) -> None:
    head = b'<row r="1"><c r="A1" t="str"><v>a</v></c></row>'
    body = head + b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
    workbooks.package(tmp_path / "b.xlsx", {workbooks.SHEET_PATH: workbooks.sheet(body)})
    result = run("/dedupe formulas=keep", Source(tmp_path / "b.xlsx", "b.xlsx"))
    assert formulas(result.outputs[0].path) == {}
    said = "Formulas that the workbook itself holds were read as the values they had."
    assert result.warnings == (said,)


def test_another_word_is_refused_with_the_nearest(source: Source) -> None:
    with pytest.raises(BadArgument, match="did you mean 'keep'") as refused:
        run("/to-xlsx formulas=keeep", source)
    assert refused.value.details["argument"] == "formulas"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_without_any_is_the_same_either_way(tmp_path: Path, kind: FileKind) -> None:
    frame = pl.LazyFrame({"a": ["x", None, "-5", "a=b"]})
    told = write(frame, tmp_path / "o", kind=kind, layout=Layout(keep_formulas=True))
    assert told.warnings == ()


@pytest.mark.parametrize(
    ("text", "can_be"),
    [
        ("=A1", True),
        ("=SUM(A1:B2)*-3%", True),
        ("='My sheet'!A1", True),
        ('=IF(A1="(",{1,2},T[x])', True),
        ("=", False),
        ("=>", False),
        ("=(1", False),
        ("=1)", False),
        ('="a', False),
        ("=1+", False),
        ("=a\nb", False),
        ("=" + "1" * 9_000, False),
    ],
)
def test_which_texts_can_be_a_formula(text: str, can_be: bool) -> None:
    assert is_formula(text) is can_be
