"""The recorded cases of the reference back-end, from file to file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from chat_bridge.errors import CommandError
from chat_bridge.model import Plan, Run, Source
from chat_bridge.workflow.fusing import fuse
from chat_bridge.workflow.plan import check_step
from chat_bridge.workflow.run import execute
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.values import as_text
from tests.workflow.operations.golden import CASES, data_rows, executed, sheets, told, workbook
from tests.workflow.operations.running import Reports, applied

# Suspect cases we repair, each tested by name below or in the family's own tests.
REPAIRED = {
    "search.contains.bad_regex",
    "search.contains.regex",
    "search.save.bad_format",
    "norm.remove_special_chars.default",
    "norm.shipped_config_backup_and_report",
    "norm.unimplemented.custom_function",
    "norm.unimplemented.date_extract_day",
    "norm.unimplemented.date_extract_month",
    "norm.yes_no_convert.default",
    "csv.convert.named_sheet",
    "csv.convert.sheet_called_Info",
}
LATER = ("search.suggest.",)  # an operation of its own, not a search


def of(*prefixes: str) -> list[str]:
    return [
        name
        for name, case in CASES.items()
        if name.startswith(prefixes) and not name.startswith(LATER) and not case.get("suspect")
    ]


def test_every_case_of_these_families_is_accounted_for() -> None:
    ours = ("search.", "norm.", "extract.file", "csv.convert")
    suspect = {
        name for name, case in CASES.items() if name.startswith(ours) and case.get("suspect")
    }
    assert suspect == REPAIRED


@pytest.mark.parametrize("name", of("search."))
def test_search(name: str, tmp_path: Path) -> None:
    expected = CASES[name]["expected"]
    if "error" in expected:
        with pytest.raises(CommandError) as refused:
            executed(tmp_path, name)
        assert refused.value.status == 422
        return
    result = executed(tmp_path, name)
    assert data_rows(result) == expected["rows"]
    assert result.data["total_rows"] == expected["total_rows"]
    assert result.data["filtered_rows"] == expected["filtered_rows"]
    assert list(sheets(result.outputs[0].path)) == ["Sheet1"], "a search has no Info sheet"


@pytest.mark.parametrize("name", of("norm."))
def test_normalization(name: str, tmp_path: Path) -> None:
    """Cells have their type in the frame, and their text in the file."""
    case = CASES[name]
    rule = case["arguments"]
    expected = case["expected"]
    blank = [[None if v == "" else v for v in row] for row in expected["values"]]
    if "typed_series" in case["input"]:
        assert typed(case["input"]["typed_series"], rule) == [row[0] for row in blank]
        return
    given = case["input"]
    columns = dict(zip(given["header"], map(list, zip(*given["rows"], strict=True)), strict=True))
    frame = applied("normalization/apply", {"normalizations": [rule]}, columns)
    assert frame.columns == expected["columns"]
    assert [list(row) for row in frame.iter_rows()] == blank
    result = executed(tmp_path, name, {"normalizations": [rule]})
    assert data_rows(result) == told(expected["sheet"][1:])


def typed(series: Sequence[float | None], rule: Mapping[str, Any]) -> list[Any]:
    """A column that became numbers in an earlier step."""
    frame = pl.LazyFrame({"c": series})
    step = check_step("normalization/apply", {"normalizations": [rule]})
    return fuse(Table(frame, ("c",), "xlsx"), [step]).frame.collect()["c"].to_list()


@pytest.mark.parametrize("name", of("extract.file"))
def test_extract(name: str, tmp_path: Path) -> None:
    expected = CASES[name]["expected"]
    if "error" in expected:
        with pytest.raises(CommandError, match="'x', 'y'"):
            executed(tmp_path, name)
        assert [path.name for path in tmp_path.iterdir()] == ["given.xlsx"], "nothing is written"
        return
    written = sheets(executed(tmp_path, name).outputs[0].path)
    assert list(written) == list(expected["workbook"])
    assert written["Sheet1"] == expected["workbook"]["Sheet1"]
    assert written["Info"][3:] == expected["workbook"]["Info"][3:]


def test_csv_convert_keeps_formulas_as_text(tmp_path: Path) -> None:
    """csv.convert.named_sheet: the recorded file held a live formula."""
    result = executed(tmp_path, "csv.convert.named_sheet")
    (output,) = result.outputs
    written = openpyxl.load_workbook(output.path)
    assert written.sheetnames == ["Data", "Info"]
    assert written["Data"]["A3"].value == "=1+1"
    assert written["Data"]["A3"].data_type != "f", "text, never run"
    assert [c.value for c in written["Data"][2]] == ["001", "A, b"]


def test_csv_convert_to_a_sheet_called_info(tmp_path: Path) -> None:
    """csv.convert.sheet_called_Info: the data keeps the name that was asked for."""
    result = executed(tmp_path, "csv.convert.sheet_called_Info")
    written = sheets(result.outputs[0].path)
    assert written["Info"] == [["a"], ["1"]]
    assert len(written) == 2


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("search.contains.bad_regex", []),  # '(' is a letter like any other
        ("search.contains.regex", [["1", "An.n", "1e3", "15/03/2024"]]),  # '.' is a point
    ],
)
def test_contains_is_literal(name: str, rows: list[list[str]], tmp_path: Path) -> None:
    assert data_rows(executed(tmp_path, name)) == rows


def test_output_format_excel_means_a_workbook() -> None:
    """search.save.bad_format: the reference refused its own default."""
    condition = {"column": "a", "operator": "equals", "value": "1"}
    step = check_step("csv/search", {"conditions": [condition], "output_format": "excel"})
    assert step.arguments["output_format"] == "xlsx"


def test_accented_letters_are_not_special(tmp_path: Path) -> None:
    """norm.remove_special_chars.default: 'José' became 'Jos'."""
    rule = CASES["norm.remove_special_chars.default"]["arguments"]
    result = executed(tmp_path, "norm.remove_special_chars.default", {"normalizations": [rule]})
    assert data_rows(result) == [["abc 1", "1"], ["José", "2"], ["", "3"]]


def test_on_means_yes(tmp_path: Path) -> None:
    """norm.yes_no_convert.default: 'on' was yes for booleans only."""
    rule = CASES["norm.yes_no_convert.default"]["arguments"]
    result = executed(tmp_path, "norm.yes_no_convert.default", {"normalizations": [rule]})
    assert data_rows(result) == [["Yes", "1"], ["Yes", "2"], ["Yes", "3"], ["No", "4"]]


def test_no_backup_unless_asked_and_mistakes_are_named(tmp_path: Path) -> None:
    """norm.shipped_config_backup_and_report: backups were always made, mistakes swallowed."""
    name = "norm.shipped_config_backup_and_report"
    rules = CASES[name]["arguments"]["normalizations"]
    result = executed(tmp_path, name, {"normalizations": rules[:2]})
    assert [column["name"] for column in result.outputs[0].columns or ()] == ["c", "z"]
    with pytest.raises(CommandError, match="There is no rule 'bogus'"):
        executed(tmp_path, name, {"normalizations": rules})


@pytest.mark.parametrize(("part", "number"), [("day", 15), ("month", 1)])
def test_parts_of_dates_are_offered(part: str, number: int) -> None:
    """norm.unimplemented.date_extract_*: the names were accepted and did nothing."""
    rule = CASES[f"norm.unimplemented.date_extract_{part}"]["arguments"]
    frame = applied("normalization/apply", {"normalizations": [rule]}, {"c": ["2024-01-15"]})
    assert frame["c"].to_list() == [number]


def test_custom_functions_are_refused() -> None:
    """norm.unimplemented.custom_function: accepted, and nothing happened."""
    rule = CASES["norm.unimplemented.custom_function"]["arguments"]
    with pytest.raises(CommandError, match="there are no custom functions"):
        check_step("normalization/apply", {"normalizations": [rule]})


def test_workflow_csv_search_stays_a_csv(tmp_path: Path) -> None:
    case = CASES["workflow.csv_search"]
    path = tmp_path / "a.csv"
    path.write_bytes(case["input"]["files"]["a.csv"]["bytes_latin1"].encode())
    (asked,) = case["arguments"]["steps"]
    step = check_step(asked["operation"], asked["arguments"])
    result = execute(Run(Plan((step,)), Source(path, "a.csv"), tmp_path), Reports())
    (expected,) = case["expected"]["results"]
    assert result.outputs[0].path.read_text() == expected["text"]
    assert result.outputs[0].name == "a_search.csv"
    assert {key: result.data[key] for key in expected["statistics"]} == expected["statistics"]


def test_workflow_text_false_is_false(tmp_path: Path) -> None:
    """workflow.string_false_is_true: the text "false" removed duplicates."""
    case = CASES["workflow.string_false_is_true"]
    given = workbook(tmp_path / "a.xlsx", case["input"]["files"]["a.xlsx"])
    (asked,) = case["arguments"]["steps"]
    step = check_step(asked["operation"], asked["arguments"])
    result = execute(Run(Plan((step,)), given, tmp_path), Reports())
    assert data_rows(result) == [["Ann"], ["Bob"], ["Bob"]]


def test_workflow_studio_rules_are_understood() -> None:
    """workflow.normalize_studio_arguments: {column, type} did silently nothing."""
    (asked,) = CASES["workflow.normalize_studio_arguments"]["arguments"]["steps"]
    frame = applied(asked["operation"], asked["arguments"], {"name": ["Ann", "Bob"]})
    assert frame["name"].to_list() == ["ann", "bob"]


def test_as_text_speaks_the_contract() -> None:
    frame = pl.LazyFrame({"f": [7.0, 12.5, 1e20, None], "b": [True, False, None, True]})
    told_cells = as_text(frame).collect()
    assert told_cells["f"].to_list() == ["7", "12.5", "100000000000000000000", None]
    assert told_cells["b"].to_list() == ["True", "False", None, "True"]
