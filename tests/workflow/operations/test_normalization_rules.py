from typing import Any

import pytest

from chat_bridge.errors import CommandError
from chat_bridge.model import Step
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.running import steps


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
