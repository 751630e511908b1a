import csv
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from chat_bridge.errors import BadArgument, BadCsv, JobFailed, UnknownColumn
from chat_bridge.model import Limits, Plan, Run, RunResult, Source
from chat_bridge.workflow import registry
from chat_bridge.workflow.plan import interpret
from chat_bridge.workflow.registry import Arguments, Operation
from chat_bridge.workflow.run import execute
from chat_bridge.workflow.tables import reading_csv
from chat_bridge.workflow.tables.reading import open_table
from chat_bridge.workflow.tally import Tally, counted
from tests.workflow.operations.running import Reports

HEADER = ["Name", "email", "amount", "joined", "city"]
ROWS = [
    ["Ann Lee", "ANN@x.com", "$10.00", "2024-01-15", "Berlin"],
    ["Bob", "bob@x.com", "(3)", "01.02.2024", "Oslo"],
    ["ann lee", "ann@x.com ", "1.234,50", "soon", "Berlin"],
    ["Zoë", "", "", "", "Roma"],
]


@pytest.fixture(params=["csv", "xlsx"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    """The same people in both kinds of file."""
    path = tmp_path / f"people.{request.param}"
    if request.param == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *ROWS])
    else:
        book = openpyxl.Workbook()
        for row in [HEADER, *ROWS]:
            book.active.append([value or None for value in row])
        book.save(path)
    return Source(path, path.name)


def run(command: str, source: Source, reports: Reports | None = None) -> RunResult:
    plan = interpret(command)
    assert isinstance(plan, Plan)
    out = source.path.parent / "out"
    out.mkdir(exist_ok=True)
    return execute(Run(plan, source, out), reports if reports is not None else Reports())


def cells(result: RunResult) -> list[list[str]]:
    """What a reader finds in the only output: header and rows, blank as empty."""
    (output,) = result.outputs
    table = open_table(Source(output.path, output.name), None, Limits(), output.path.parent)
    rows = [[cell or "" for cell in row] for row in table.frame.collect().rows()]
    return [list(table.columns), *rows]


PIPELINE = "/extract columns=name,email | normalize email=email_format name=title_case | dedupe"


def test_a_pipeline_on_both_kinds_of_file(source: Source) -> None:
    reports = Reports()
    result = run(f"{PIPELINE} by=email", source, reports)
    assert cells(result) == [
        ["Name", "email"],
        ["Ann Lee", "ann@x.com"],
        ["Bob", "bob@x.com"],
        ["Zoë", ""],
    ]
    assert result.summary == "3 rows, 1 duplicate removed, 3 cells cleaned."
    assert [(s.rows_in, s.rows_out, s.changed) for s in result.steps] == [
        (4, 4, None),
        (4, 4, 3),
        (4, 3, None),
    ]
    assert {report.step for report in reports} == {0, 1, 2}
    assert reports[-1].fraction == 1.0


def test_a_file_keeps_its_kind(source: Source) -> None:
    (output,) = run("/search city=Berlin", source).outputs
    assert output.path.suffix == source.path.suffix
    assert output.name == f"people_search{source.path.suffix}"
    assert output.path.parent == source.path.parent / "out"


def test_an_output_describes_itself(source: Source) -> None:
    (output,) = run("/extract name,city", source).outputs
    assert output.rows == 4
    assert [column["name"] for column in output.columns or ()] == ["Name", "city"]
    assert output.preview is not None
    assert output.preview["rows"][0] == ["Ann Lee", "Berlin"]


@pytest.mark.parametrize(
    ("command", "suffix"),
    [
        ("/to-csv", ".csv"),
        ("/to-xlsx", ".xlsx"),
        ("/dedupe | to-csv | search city~o", ".csv"),
        ("/to-xlsx | extract name", ".xlsx"),
        ("/search city=Oslo output_format=excel", ".xlsx"),
        ("/search city=Oslo output_format=csv", ".csv"),
    ],
)
def test_conversions(command: str, suffix: str, source: Source) -> None:
    (output,) = run(command, source).outputs
    assert output.path.suffix == suffix
    assert output.name.endswith(suffix)


def test_a_sheet_is_named(tmp_path: Path, source: Source) -> None:
    (output,) = run("/to-xlsx sheet_name=Kunden", source).outputs
    assert openpyxl.load_workbook(output.path).sheetnames == ["Kunden", "Info"]


def test_a_sheet_is_picked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    other = book.create_sheet("Orders")
    other.append(["b"])
    other.append(["1"])
    book.save(tmp_path / "two.xlsx")
    result = run("/extract b sheet=orders", Source(tmp_path / "two.xlsx", "two.xlsx"))
    assert cells(result) == [["b"], ["1"]]


def test_a_sheet_of_a_csv_is_not_ignored_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    result = run("/dedupe sheet=Orders", Source(path, "a.csv"))
    (warning,) = result.warnings
    assert warning.startswith("A CSV file has no sheets, so sheet=Orders was ignored;")


def test_no_rows_out_is_said(source: Source) -> None:
    result = run("/search city=Nowhere", source)
    assert cells(result) == [HEADER]
    assert result.summary == "The result has no rows, 4 rows left out."


def test_lost_cells_are_warned_of(source: Source) -> None:
    result = run("/normalize joined=date amount=currency", source)
    assert [row[2:4] for row in cells(result)[1:]] == [
        ["10", "2024-01-15"],
        ["-3", "2024-02-01"],
        ["1234.5", ""],
        ["", ""],
    ]
    assert result.warnings == ("1 cell in 'joined' could not be read as a date and is blank now.",)


def test_formulas_in_a_csv_are_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "evil.csv"
    path.write_text("a,b\n=1+1,x\n", encoding="utf-8")
    result = run("/extract a", Source(path, "evil.csv"))
    assert any("formula" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    "command",
    [
        "/extract emial",
        "/normalize name=trim emial=email",
        "/search emial=x",
        "/dedupe by=emial",
        "/extract name | dedupe by=emial",
    ],
)
def test_unknown_columns_are_refused_before_anything_is_written(
    command: str, source: Source
) -> None:
    with pytest.raises(UnknownColumn, match="There is no column 'emial'") as refused:
        run(command, source)
    assert list((source.path.parent / "out").iterdir()) == []
    assert refused.value.details["command"] == interpret_last(command)


def interpret_last(command: str) -> str:
    plan = interpret(command)
    assert isinstance(plan, Plan)
    return registry.find(plan.steps[-1].operation).command


def test_a_column_lost_on_the_way_is_unknown_later(source: Source) -> None:
    with pytest.raises(UnknownColumn) as refused:
        run("/extract name | search city=Oslo", source)
    assert refused.value.details["step"] == 1


def test_values_that_cannot_be_compared_are_refused(source: Source) -> None:
    with pytest.raises(BadArgument, match="'much' is not a number or a date"):
        run("/search amount>much", source)


def test_nothing_else_is_left_in_the_folder(source: Source) -> None:
    result = run(PIPELINE, source)
    assert list((source.path.parent / "out").iterdir()) == [result.outputs[0].path]


def test_a_stream_that_ends_early_is_noticed(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panic inside polars ends a stream without an error; a short result must not pass."""
    lost = Tally()

    def swallow(frame: pl.LazyFrame, _: Arguments) -> pl.LazyFrame:
        return counted(frame, lost).head(2)

    before = registry.find("to-csv")
    broken = Operation(**{**vars(before), "apply": swallow})
    monkeypatch.setitem(registry._OPERATIONS, before.name, broken)
    with pytest.raises(JobFailed, match="could not be processed to its end"):
        run("/to-csv", source)
    assert list((source.path.parent / "out").iterdir()) == []


def test_every_step_sees_what_the_one_before_left(source: Source) -> None:
    result = run("/normalize amount=currency | search amount>5 | extract name, amount", source)
    assert cells(result) == [["Name", "amount"], ["Ann Lee", "10"], ["ann lee", "1234.5"]]


IRREGULAR = {
    "a field too many that is blank": ("name,city\nAnn,Oslo,\nBob,Rome\n", [["Ann", "Oslo"]]),
    "a blank line": ("name,city\n\nAnn,Oslo\n  \nBob,Rome\n\n", [["Ann", "Oslo"]]),
    "a row of blanks": (
        "name,city,age\nAnn,Oslo,7\n,,\n,Oslo,\n",
        [["Ann", "Oslo", "7"], ["", "Oslo", ""]],
    ),
    "a row too short": ("name,city,age\nAnn,Oslo\nBob,Rome,3\n", [["Ann", "Oslo", ""]]),
    "a quoted line break": ('name,city\n"Ann\nLee",Oslo\nBob,Rome\n', [["Ann\nLee", "Oslo"]]),
    "a stray quote": ('name,city\nAnn "A",Oslo\nB"ob,Rome\n', [['Ann "A"', "Oslo"]]),
    "no last line end": ("name,city\nBob,Rome\nAnn,Oslo", [["Ann", "Oslo"]]),
    "Windows line ends": ("name,city\r\nAnn,Oslo\r\nBob,Rome\r\n", [["Ann", "Oslo"]]),
}


@pytest.mark.parametrize("name", IRREGULAR)
def test_rows_that_only_go_by_are_read_as_carefully(name: str, tmp_path: Path) -> None:
    text, expected = IRREGULAR[name]
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode())
    result = run("/search city=Oslo", Source(path, path.name))
    assert cells(result)[1:] == expected


def test_a_field_too_many_is_refused_where_rows_only_go_by(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,city\n" + "Bob,Rome\n" * 5_000 + "Ann,Oslo,7\n" + "Bob,Rome\n" * 5_000)
    with pytest.raises(BadCsv, match=r"line 5,002 has 3 fields, the header has 2"):
        run("/search city=Oslo", Source(path, path.name))


def test_a_regular_csv_that_is_searched_is_parsed_once(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed_before(*_args: object) -> tuple[int, int, int]:
        raise AssertionError("surveyed")

    monkeypatch.setattr(reading_csv, "_survey", parsed_before)
    assert run("/search city=Oslo", source).data["filtered_rows"] == 1
