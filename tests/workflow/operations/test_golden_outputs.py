"""The recorded cases of the operations that look, map and combine."""

from pathlib import Path

import polars as pl
import pytest

from chat_bridge.errors import BridgeError, CommandError
from chat_bridge.model import Plan, Run, RunResult, Source
from chat_bridge.workflow.fusing import fuse
from chat_bridge.workflow.operations.look.findings import operators_for
from chat_bridge.workflow.plan import check_step
from chat_bridge.workflow.run import execute
from chat_bridge.workflow.tables.frames import Table
from tests.workflow.operations.golden import CASES, data_rows, executed, sheets, told, workbook
from tests.workflow.operations.running import Reports

FAMILIES = ("map.", "bind.", "files.bind", "extract.json", "excel.info", "csv.info")
# Each has a test of its own below; the sentence there says what was wrong with it.
REPAIRED = {
    "bind.single.basic",
    "bind.single.key_in_bind_columns",
    "csv.info",
    "excel.info",
    "extract.json.missing_column",
}


def test_every_case_of_these_families_is_accounted_for() -> None:
    suspect = {n for n, case in CASES.items() if n.startswith(FAMILIES) and case.get("suspect")}
    assert suspect == REPAIRED


def two_files(folder: Path, name: str, first: str, second: str) -> RunResult:
    case = CASES[name]
    paths = {key: folder / f"{key}.xlsx" for key in (first, second)}
    sources = {}
    for key, path in paths.items():
        made = workbook(folder / "made.xlsx", case["input"][key])
        made.path.rename(path)
        sources[path.name] = Source(path, path.name)
    step = check_step(case["operation"], case["arguments"])
    return execute(Run(Plan((step,)), sources[f"{first}.xlsx"], folder, sources), Reports())


# -- columns, and two files


def test_map_rules(tmp_path: Path) -> None:
    name = "map.rules"
    result = executed(tmp_path, name)
    expected = CASES[name]["expected"]["workbook"]
    written = sheets(result.outputs[0].path)
    assert written["Sheet1"] == expected["Sheet1"]
    assert written["Info"][3:] == expected["Info"][3:]
    (warning, other) = result.warnings
    assert (warning, other) == (
        "There is no column 'nope', so 'K' is filled with its default.",
        "There is no column 'nope', so 'Z' is blank.",
    )


@pytest.mark.parametrize("name", ["bind.multi.basic", "bind.single.basic"])
def test_bind(name: str, tmp_path: Path) -> None:
    """bind.single.basic: a blank key matched a blank key; it matches nothing now."""
    result = two_files(tmp_path, name, "source", "bind")
    expected = CASES[name]["expected"]
    rows = told(expected["workbook"]["Sheet1"][1:])
    facts = dict(expected["result"])
    if name == "bind.single.basic":
        assert rows[3] == ["", "w", "BE", "CE"]
        rows[3] = ["", "w", "", ""]
        facts |= {"matched_rows": 2, "unmatched_rows": 3}
        facts["statistics"] = {**facts["statistics"], "match_percentage": 40.0}
    assert data_rows(result) == rows
    statistics = facts.pop("statistics")
    if "comparison_column" in statistics:
        statistics["comparison_columns"] = [statistics["comparison_column"]]
    assert result.data["statistics"] == statistics
    del facts["output_path"]
    assert {word: result.data[word] for word in facts} == facts


def test_a_match_with_a_blank_value_is_a_match(tmp_path: Path) -> None:
    name = "bind.single.matched_count_uses_first_bind_column"
    result = two_files(tmp_path, name, "source", "bind")
    assert result.data["matched_rows"] == CASES[name]["expected"]["result"]["matched_rows"]
    assert data_rows(result) == [["1", ""], ["2", ""]]


def test_a_key_among_the_columns_to_bring_is_here_already(tmp_path: Path) -> None:
    """bind.single.key_in_bind_columns: it crashed."""
    result = two_files(tmp_path, "bind.single.key_in_bind_columns", "source", "bind")
    assert result.data["columns_bound"] == ["b"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bind.multi.key_missing", "There is no column 'zz'"),
        ("bind.single.key_missing_bind", "The second file has no column 'k'"),
    ],
)
def test_keys_that_are_not_there(name: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        two_files(tmp_path, name, "source", "bind")
    assert refused.value.status == 422


@pytest.mark.parametrize("name", ["files.bind.long_source", "files.bind.short_source"])
def test_files_bind(name: str, tmp_path: Path) -> None:
    """The table that is worked on is the target."""
    result = two_files(tmp_path, name, "target", "source")
    expected = CASES[name]["expected"]["workbook"]
    assert data_rows(result) == told(expected["Sheet1"][1:])
    assert sheets(result.outputs[0].path)["Info"][3:] == expected["Info"][3:]


# -- looking


def test_info_of_a_workbook(tmp_path: Path) -> None:
    """excel.info: every column was of the type text; the server's path was told."""
    result = executed(tmp_path, "excel.info")
    expected = CASES["excel.info"]["expected"]
    same = ("sheets", "rows", "columns", "column_names")
    assert {key: result.data[key] for key in same} == {key: expected[key] for key in same}
    assert result.data["data_types"] == {"n": "text", "q": "number"}
    assert result.data["file_name"] == "given.xlsx"
    assert "file_path" not in result.data
    assert result.outputs == ()


def test_info_of_a_csv(tmp_path: Path) -> None:
    """csv.info: the delimiter was missing."""
    path = tmp_path / "given.csv"
    path.write_text(CASES["csv.info"]["input"]["bytes_latin1"])
    plan = Plan((check_step("csv/info", {}),))
    result = execute(Run(plan, Source(path, path.name), tmp_path), Reports())
    assert result.data["delimiter"] == ","
    assert (result.data["rows"], result.data["column_names"]) == (1, ["a", "b"])


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "given.xlsx"
    path.write_text(CASES["excel.info.not_excel"]["input"]["bytes_utf8"])
    plan = Plan((check_step("excel/info", {}),))
    with pytest.raises(BridgeError) as refused:
        execute(Run(plan, Source(path, path.name), tmp_path), Reports())
    assert refused.value.status in (400, 415, 422)


def test_statistics_of_numbers() -> None:
    name = "extract.json.numeric_statistics"
    case = CASES[name]
    frame = pl.LazyFrame(case["input"]["typed_dataframe"])
    fused = fuse(Table(frame, ("n",), "xlsx"), [check_step(case["operation"], case["arguments"])])
    (look,) = fused.looks
    assert look is not None
    found, expected = look.data["columns"]["n"], dict(case["expected"]["columns"]["n"])
    statistics = expected.pop("statistics")
    assert {key: found[key] for key in expected} == expected
    assert found["statistics"] == pytest.approx(statistics)


def test_unknown_columns_are_refused_in_an_answer_too(tmp_path: Path) -> None:
    """extract.json.missing_column: they were left out in silence; blanks counted as values."""
    with pytest.raises(CommandError, match="There is no column 'nope'"):
        executed(tmp_path, "extract.json.missing_column")
    result = executed(tmp_path, "extract.json.missing_column", {"columns": ["name"]})
    found = result.data["columns"]["name"]
    assert found["values"] == ["Ann", "Bob", "Ann", None]
    assert (found["non_null_count"], found["null_count"], found["unique_count"]) == (3, 1, 2)


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith("search.suggest.")])
def test_suggested_operators(name: str) -> None:
    assert operators_for(CASES[name]["input"]["type"]) == CASES[name]["expected"]
