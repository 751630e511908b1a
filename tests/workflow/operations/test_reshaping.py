"""/map, /rename, /drop, /split and /concat."""

from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import CommandError
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.golden import sheets
from tests.workflow.operations.running import applied, ran, written

CELLS = {"name": ["Ann Lee", "Bob", None], "town": ["Oslo", None, "Rome"]}


@pytest.mark.parametrize(
    ("command", "columns", "rows"),
    [
        ("/map Who=name town", ["Who", "town"], ("Ann Lee", "Oslo")),
        ("/map City=TOWN", ["City"], ("Oslo",)),
        ('/map mapping={"k": {"default": true}}', ["k"], (True,)),
        ("/rename town=city", ["name", "city"], ("Ann Lee", "Oslo")),
        ("/rename town=name name=town", ["town", "name"], ("Ann Lee", "Oslo")),
        ("/drop town", ["name"], ("Ann Lee",)),
        ("/split name into=first,last", ["first", "last", "town"], ("Ann", "Lee", "Oslo")),
        ("/split name into=a,name by=n", ["a", "name", "town"], ("A", "n Lee", "Oslo")),
        ("/concat name,town into=both by=', '", ["both"], ("Ann Lee, Oslo",)),
        (
            "/concat town,name into=both keep=yes",
            ["name", "town", "both"],
            ("Ann Lee", "Oslo", "Oslo Ann Lee"),
        ),
    ],
)
def test_columns(command: str, columns: list[str], rows: tuple[str, ...]) -> None:
    found = ran(command, CELLS)
    assert found.columns == columns
    assert found.row(0) == rows
    assert found.height == 3


def test_what_is_missing_is_blank() -> None:
    assert ran("/split name into=first,last", CELLS)["last"].to_list() == ["Lee", None, None]
    joined = ran("/concat name,town into=both by=-", {"name": ["a", None], "town": [None, None]})
    assert joined["both"].to_list() == ["a", None]


def test_a_default_fills_blanks() -> None:
    """The reference filled nothing, for it read blanks as texts."""
    rule = {"C": {"source": "town", "default": "?"}}
    assert applied("excel/map-columns", {"mapping": rule}, CELLS)["C"].to_list() == [
        "Oslo",
        "?",
        "Rome",
    ]


@pytest.mark.parametrize(
    ("arguments", "columns"),
    [
        ({"column_mapping": {"town": "city"}, "keep_unmapped": True}, ["name", "city"]),
        ({"column_mapping": {"town": "city"}, "keep_unmapped": False}, ["city"]),
        ({"column_mapping": {"town": "city"}}, ["name", "city"]),
        ({"mapping": {"city": "town"}}, ["city"]),
        ({"mapping": {"city": "town"}, "keep_unmapped": True}, ["city", "name"]),
        ({"mapping": '{"city": "town"}', "output_file": "x.xlsx"}, ["city"]),
    ],
)
def test_both_vocabularies(arguments: dict[str, Any], columns: list[str]) -> None:
    assert applied("excel/map-columns", arguments, CELLS).columns == columns


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/map", "/map needs 'mapping'"),
        ("/map mapping=[1]", "takes pairs of names"),
        ("/map a=b,c", "After 'a' comes = and one name"),
        ("/rename", "/rename needs 'column_mapping'"),
        ("/rename twon=city", "There is no column 'twon'; did you mean 'town'?"),
        ("/rename town=name", "two columns would be named 'name'"),
        ("/rename town=x name=x", "two columns would be named 'x'"),
        ("/drop", "/drop needs 'columns'"),
        ("/drop name,town", "at least one column has to stay"),
        ("/split name", "/split needs 'into'"),
        ("/split name into=town,x", "two columns would be named 'town'"),
        ("/split nam into=a,b", "did you mean 'name'"),
        ("/concat name into=town", "two columns would be named 'town'"),
    ],
)
def test_refusals_say_what_is_wrong(command: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        written(tmp_path, command, {"a.csv": CELLS})
    assert sentence in refused.value.message
    assert refused.value.status == 422


def test_titles_are_for_people() -> None:
    assert check_step("rename", {"mapping": {"a": "b"}}).title == "Rename a to b"
    assert check_step("concat", {"columns": ["a", "b"], "into": "c"}).title == "Put a, b into c"


@pytest.mark.parametrize(
    "command",
    [
        "/extract '*'", "/map '*'", "/drop '^a.*$',ab", "/sort '*' | extract '*'",
        "/normalize '*'=trim | search '*'=1 or '*'=4 | dedupe by='*' | extract '*'",
        "/describe | values | operators | info | extract '*'",
        "/sort '*' as=date | sort '^a.*$' as=date | extract '*'",
        "/filter year([*]) is blank or [*] before 2024-01-01 | extract '*'",
    ],
)  # fmt: skip
def test_a_header_that_is_a_pattern_to_polars_is_a_name(command: str, tmp_path: Path) -> None:
    files = {"a.csv": {"*": ["1", "4"], "^a.*$": ["2", "5"], "ab": ["3", "6"]}}
    result = written(tmp_path, command, files)
    assert result.outputs[0].path.read_text() == "*\n1\n4\n"


def test_numbers_and_truths_in_a_workbook_under_such_names(tmp_path: Path) -> None:
    files = {"a.csv": {"*": ["yes", "no"], "^a.*$": ["1.5", "2"], "ab": ["3", "6"]}}
    result = written(tmp_path, "/normalize '*'=boolean '^a.*$'=round ab=integer | to-xlsx", files)
    written_cells = sheets(result.outputs[0].path)["Sheet1"]
    assert written_cells[1:] == [[True, 1.5, 3], [False, 2, 6]]
