from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_bridge.errors import BadArgument, UnknownColumn
from chat_bridge.workflow.fusing import fuse
from chat_bridge.workflow.plan import check_step
from chat_bridge.workflow.tables.frames import Table
from tests.workflow.operations.running import applied, fused, ran, text_of, written

TABLE = {
    "id": ["001", "002", "003", "1", "4"],
    "name": ["Ann", "bob", None, "An.n", " "],
    "amt": ["10", "9.5", "abc", "1e3", "-5"],
    "d": ["2024-01-15", "2024-02-01", None, "15/03/2024", "2024-03-10 08:00:00"],
}


def found(command: str) -> list[str]:
    return list(ran(f"/search {command}", TABLE)["id"])


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ("id=001", ["001"]),
        ("id=1", ["1"]),
        ("id=001,4", ["001", "4"]),
        ("name=ann", []),
        ("name!=Ann", ["002", "003", "1", "4"]),
        ("name!=Ann,bob", ["003", "1", "4"]),
        ("name~AN", ["001", "1"]),
        ("name~'n.'", ["1"]),
        ("name~'('", []),
        ("name!~an", ["002", "003", "4"]),
        ("name starts_with An", ["001", "1"]),
        ("name starts_with an", []),
        ("name ends_with n", ["001", "1"]),
        ("name is_empty", ["003"]),
        ("name is_not_empty", ["001", "002", "1", "4"]),
        ("name=''", ["003"]),
        ("amt>9.5", ["001", "1"]),
        ("amt>=9.5", ["001", "002", "1"]),
        ("amt<10", ["002", "4"]),
        ("amt<=10", ["001", "002", "4"]),
        ("amt between 9.5..10", ["001", "002"]),
        ("amt between 10..1", []),
        ("d before 2024-02-01", ["001"]),
        ("d after 2024-02-01", ["1", "4"]),
        ("d after '1 Feb 2024'", ["1", "4"]),
        ("d before 02.02.2024", ["001", "002"]),
        ("d between 2024-02-01..2024-03-10", ["002"]),
        ("d between 2024-02-01 and '10.03.2024 08:00'", ["002", "4"]),
        ("d>=2024-03-10", ["1", "4"]),
        ("d before 04/02/2024 day_first=yes", ["001", "002"]),
        ("d before 04/02/2024", ["001", "002", "1", "4"]),
        ("amt>9 name~ann", ["001"]),
        ("amt>100 or name is_empty", ["003", "1"]),
    ],
)
def test_every_operator(conditions: str, ids: list[str]) -> None:
    assert found(conditions) == ids


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ("amt>much", "'much' is not a number or a date, so 'amt' cannot be compared with it."),
        ("amt between 1..x", "'x' is not a number or a date"),
        ("d before 12", "'12' is not a date"),
        ("d after soon", "'soon' is not a date"),
    ],
)
def test_bad_values_are_refused(conditions: str, message: str) -> None:
    with pytest.raises(BadArgument) as refused:
        found(conditions)
    assert message in refused.value.message
    assert refused.value.status == 422


def test_columns_are_checked() -> None:
    with pytest.raises(UnknownColumn, match="did you mean 'name'"):
        found("nmae=Ann")


def test_json_values_are_compared_as_cells_are_written() -> None:
    for value, ids in ((1, ["1"]), (1.0, ["1"]), ("001", ["001"]), (True, [])):
        asked = {"conditions": [{"column": "id", "operator": "equals", "value": value}]}
        assert applied("excel/search", asked, TABLE)["id"].to_list() == ids


def test_typed_columns_are_searched_too() -> None:
    frame = pl.LazyFrame({"n": [1.0, 2.5, None], "b": [True, False, None]})
    for column, value, count in (("n", "1", 1), ("b", "True", 1), ("n", "", 1)):
        step = check_step("excel/search", {"column": column, "operator": "eq", "value": value})
        kept = fuse(Table(frame, ("n", "b"), "xlsx"), [step]).frame.collect()
        assert kept.height == count


CELLS = st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=6)), max_size=12)


@given(CELLS, st.text(min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_an_operator_and_its_opposite_share_the_rows(cells: list[str | None], value: str) -> None:
    table = {"c": cells, "row": [str(n) for n in range(len(cells))]}
    for one, other in (("equals", "not_equals"), ("contains", "not_contains")):
        asked = [
            applied("excel/search", {"column": "c", "operator": o, "value": value}, table)["row"]
            for o in (one, other)
        ]
        assert sorted([*asked[0], *asked[1]], key=int) == table["row"]


PEOPLE = {
    "name": ["Ann", "Bob", "Ann", "Ann", None, None],
    "city": ["Oslo", "Rome", "Oslo", "Rome", "x", "y"],
    "n": ["1", "2", "1", "4", "5", "6"],
}


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("/dedupe", ["1", "2", "4", "5", "6"]),
        ("/dedupe by=name", ["1", "2", "5"]),
        ("/dedupe by=NAME keep=last", ["2", "4", "6"]),
        ("/dedupe name, city", ["1", "2", "4", "5", "6"]),
    ],
)
def test_duplicates(command: str, kept: list[str]) -> None:
    assert list(ran(command, PEOPLE)["n"]) == kept


@given(st.lists(st.sampled_from([None, "a", "b", "A"]), max_size=20))
@settings(max_examples=60, deadline=None)
def test_deduplicating_twice_changes_nothing(cells: list[str | None]) -> None:
    once = ran("/dedupe by=c", {"c": cells})["c"].to_list()
    assert once == list(dict.fromkeys(cells))
    assert ran("/dedupe by=c | dedupe by=c", {"c": cells})["c"].to_list() == once


def test_groups_of_conditions() -> None:
    assert found("(id=001 or id=1) amt>500") == ["1"]
    assert found("id=001 or (name~b amt<10)") == ["001", "002"]


def test_found_rows_as_json(tmp_path: Path) -> None:
    files = {"t.csv": {"id": ["001", "002"], "na/me": ["Zoë 😀", None]}}
    result = written(tmp_path, "/search id~00 output_format=json", files)
    assert result.outputs[0].name == "t_search.json"
    assert text_of(result) == (
        '[\n  {\n    "id":"001",\n    "na\\/me":"Zo\\u00eb \\ud83d\\ude00"\n  },\n'
        '  {\n    "id":"002",\n    "na\\/me":""\n  }\n]'
    )
    assert (result.data["total_rows"], result.data["filtered_rows"]) == (2, 2)
    assert result.data["conditions_applied"] == 1
    nothing = written(tmp_path, "/search id=x output_format=json", files)
    assert text_of(nothing) == "[\n\n]"
    with pytest.raises(BadArgument, match="put it last"):
        fused("/search id=1 output_format=json | dedupe", TABLE)
