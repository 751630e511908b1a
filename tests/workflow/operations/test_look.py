from pathlib import Path

import pytest

from chat_bridge.errors import CommandError
from tests.workflow.operations.running import PEOPLE, written


def test_info_answers_and_writes_nothing(tmp_path: Path) -> None:
    result = written(tmp_path, "/info")
    assert result.outputs == ()
    assert result.data["rows"] == 4
    assert result.summary.startswith("**people.csv**: 4 rows, 4 columns, utf-8, separated by ','.")
    assert "| amount | text |" in result.summary


def test_looking_is_a_step_that_leaves_the_table(tmp_path: Path) -> None:
    result = written(tmp_path, "/search amount>9.7 | info | extract name")
    assert result.data["rows"] == 2, "what is left at that step"
    assert result.outputs[0].name == "people_extracted.csv"
    assert result.outputs[0].path.read_text() == "name\nAnn Lee\nZoë O'Neil\n"
    assert [(s.rows_in, s.rows_out) for s in result.steps] == [(4, 2), (2, 2), (2, 2)]
    assert result.summary.endswith("\n\n2 rows, 2 rows left out.")


def test_describe_tells_what_a_column_is_like(tmp_path: Path) -> None:
    files = {"a.csv": {"n": ["10", "9", None, "9"], "t": ["b", "a|c", "B", None]}}
    result = written(tmp_path, "/describe", files)
    number, text = result.data["profile"]
    assert number == {
        "name": "n", "type": "number", "filled": 3, "blank": 1, "distinct": 2, "min": "9",
        "max": "10", "mean": pytest.approx(28 / 3), "median": 9.0,
        "std": pytest.approx(0.5773502691896258), "rows": 4, "blank_share": 0.25, "unique": False,
        "min_length": 1, "max_length": 2,
        "most_frequent": [{"value": "9", "count": 2}, {"value": "10", "count": 1}],
    }  # fmt: skip
    assert (text["min"], text["max"], text["mean"]) == ("B", "b", None)
    assert "| n | number | 3 | 1 | 2 | 9 | 10 |" in result.summary


def test_values_are_cut_and_statistics_are_not(tmp_path: Path) -> None:
    files = {"a.csv": {"n": [str(n) for n in range(3000)]}}
    result = written(tmp_path, "/values n", files)
    found = result.data["columns"]["n"]
    assert len(found["values"]) == 1000
    assert found["truncated"] is True
    assert found["value_count"] == 3000
    assert found["statistics"]["mean"] == 1499.5
    once = written(
        tmp_path, "/values unique statistics=no", {"a.csv": {"n": ["b", "a", "b", None]}}
    )
    assert once.data["columns"]["n"]["values"] == ["b", "a", None]
    assert "unique_count" not in once.data["columns"]["n"]


def test_operators_by_the_type_a_column_seems_to_have(tmp_path: Path) -> None:
    files = {"a.csv": {"n": ["1"], "d": ["2024-01-15"], "b": ["true"], "t": ["x"], "e": [None]}}
    found = written(tmp_path, "/suggest-operators", files).data["operators"]
    assert found["n"]["operators"][-1] == "between"
    assert found["d"]["operators"] == ["equals", "before", "after", "between"]
    assert found["b"]["operators"] == ["equals", "not_equals"]
    assert "contains" in found["t"]["operators"]
    assert "is_empty" in found["e"]["operators"]


@pytest.mark.parametrize("command", ["/describe nme", "/values nme", "/operators nme"])
def test_unknown_columns_have_a_nearest(command: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="did you mean 'name'") as refused:
        written(tmp_path, command)
    assert refused.value.details["nearest"] == "name"


def test_an_empty_table(tmp_path: Path) -> None:
    files = {"a.csv": {name: [] for name in PEOPLE}}
    for command in ("/info", "/describe", "/values", "/operators"):
        assert written(tmp_path, command, files).outputs == ()
