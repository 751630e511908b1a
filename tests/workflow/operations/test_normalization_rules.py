from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import CommandError
from chat_bridge.model import Step
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.running import steps, text_of, written


def step(text: str) -> Step:
    (only,) = steps(text)
    return only


def rules(text: str) -> list[tuple[str, str]]:
    found = step(text).arguments["normalizations"]
    return [(rule["column_name"], rule["normalization_type"]) for rule in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("email=email name=title_case", [("email", "email_format"), ("name", "title_case")]),
        ("name=trim,upper", [("name", "trim_whitespace"), ("name", "uppercase")]),
        ("'First name'=Title", [("First name", "title_case")]),
        ("column=price type=round_decimal decimals=1", [("price", "round_decimal")]),
        ("type=upper", [("type", "uppercase")]),
        (
            'normalizations=[{"column_name":"a","normalization_type":"uppercase"}]',
            [("a", "uppercase")],
        ),
        ('rules=[{"column":"a","type":"phone_number"}]', [("a", "phone_format")]),
    ],
)
def test_rules(text: str, expected: list[tuple[str, str]]) -> None:
    assert rules(f"/normalize {text}") == expected


def test_parameters_go_to_the_rules_that_take_them() -> None:
    found = step("/normalize price=round joined=date decimals=1 format=DD.MM.YYYY")
    price, joined = found.arguments["normalizations"]
    assert price["parameters"] == {"decimals": 1}
    assert joined["parameters"] == {"format": "%d.%m.%Y", "day_first": False}


@pytest.mark.parametrize(
    "rule",
    [
        "upper",
        {"column": "a"},
        {"type": "upper"},
        {"column": "a", "type": "upper", "parameters": [1]},
        {"column": "a", "type": "upper", "parameters": {"decimals": 1}},
        {"column": "a", "type": "round", "parameters": {"decimals": True}},
        {"column": "a", "type": "fill", "parameters": {"method": "guess"}},
        {"column": "a", "type": "fill", "parameters": {"value": [1]}},
        {"column": "a", "type": "outliers", "parameters": {"multiplier": "NaN"}},
        {"column": "a", "type": "date", "parameters": {"day_first": "perhaps"}},
    ],
)
def test_odd_rules_are_refused(rule: Any) -> None:
    with pytest.raises(CommandError):
        check_step("normalization/apply", {"normalizations": [rule]})


COLUMNS = {"c": [" a ", None], "z": ["1", "x"]}


def test_a_report_tells_every_rule_before_and_after(tmp_path: Path) -> None:
    result = written(tmp_path, "/normalize c=trim,upper z=int report=yes", {"t.csv": COLUMNS})
    report = result.data["report"]
    assert report["success"] is True
    assert [one["column_name"] for one in report["columns_processed"]] == ["c", "c", "z"]
    assert report["columns_processed"][2]["before_stats"] == {
        "total_values": 2, "null_count": 0, "unique_count": 2, "data_type": "text",
    }  # fmt: skip
    assert report["columns_processed"][2]["after_stats"]["data_type"] == "number"
    assert report["started_at"] <= report["completed_at"]
    assert result.summary.startswith("| Column | Rule |")


def test_a_report_forgives_what_is_not_there(tmp_path: Path) -> None:
    """The recorded case norm.shipped_config_backup_and_report, without its forced backups."""
    asked = check_step(
        "normalization/apply",
        {
            "normalizations": [
                {"column_name": "c", "normalization_type": "trim_whitespace"},
                {"column_name": "nope", "normalization_type": "uppercase"},
                {"column_name": "z", "normalization_type": "bogus"},
            ],
            "return_report": True,
        },
    )
    assert check_step(asked.operation, asked.arguments) == asked
    result = written(tmp_path, asked, {"t.csv": COLUMNS})
    report = result.data["report"]
    assert report["success"] is False
    assert [entry["message"] for entry in report["warnings"]] == ["Column 'nope' not found"]
    assert [entry["message"] for entry in report["errors"]] == [
        "Error normalizing 'z': Invalid normalization type: 'bogus'."
    ]
    assert len(report["requested_normalizations"]) == 3
    assert text_of(result) == "c,z\na,1\n,x\n"


def test_without_a_report_nothing_is_forgiven(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no column 'nope'"):
        written(tmp_path, "/normalize nope=upper", {"t.csv": COLUMNS})
    assert "report" not in written(tmp_path, "/normalize c=upper", {"t.csv": COLUMNS}).data


@pytest.mark.parametrize(
    ("columns", "operations", "expected"),
    [
        (["a"], ["trim", "upper"], [("a", "trim_whitespace"), ("a", "uppercase")]),
        (["a", "b"], ["trim", "upper"], [("a", "trim_whitespace"), ("b", "uppercase")]),
        (["a", "b"], ["trim"], [("a", "trim_whitespace"), ("b", "trim_whitespace")]),
    ],
)
def test_columns_and_rules_in_two_lists(
    columns: list[str], operations: list[str], expected: list[tuple[str, str]]
) -> None:
    """A spelling of the founding system's guide."""
    found = check_step("normalization/apply", {"columns": columns, "operations": operations})
    told = [(r["column_name"], r["normalization_type"]) for r in found.arguments["normalizations"]]
    assert told == expected


def test_lists_that_do_not_pair_are_refused() -> None:
    with pytest.raises(CommandError, match="as many rules as columns"):
        check_step("normalization/apply", {"columns": ["a", "b"], "operations": ["trim"] * 3})
    with pytest.raises(CommandError, match="as many rules as columns"):
        check_step("normalization/apply", {"columns": ["a", "b"]})


def test_a_report_lists_the_rules_in_order_whatever_their_columns(tmp_path: Path) -> None:
    """Each starts from what the one before left of its column."""
    rules = [("a", "trim"), ("b", "upper"), ("a", "upper"), ("a", "integer")]
    given = {
        "normalizations": [{"column": c, "type": t, "backup_original": True} for c, t in rules],
        "return_report": True,
    }
    step = check_step("normalization/apply", given)
    files = {"t.csv": {"a": [" x", "x ", "7"], "b": ["y", None, "y"]}}
    report = written(tmp_path, step, files).data["report"]
    told = report["columns_processed"]
    assert [(one["column_name"], one["normalization_type"]) for one in told] == [
        ("a", "trim_whitespace"), ("b", "uppercase"), ("a", "uppercase"), ("a", "integer_convert"),
    ]  # fmt: skip
    distinct = [(t["before_stats"]["unique_count"], t["after_stats"]["unique_count"]) for t in told]
    assert distinct == [(3, 2), (1, 1), (2, 2), (2, 1)]
    assert told[3]["after_stats"] == {
        "total_values": 3, "null_count": 2, "unique_count": 1, "data_type": "number",
    }  # fmt: skip
    assert report["total_rows"] == 3
