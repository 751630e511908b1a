from typing import Any

import pytest

from chat_bridge.errors import CommandError
from chat_bridge.model import Step
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.running import steps


def step(text: str) -> Step:
    (only,) = steps(text)
    return only


def conditions(text: str) -> list[dict[str, Any]]:
    return list(step(text).arguments["conditions"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("city=Berlin", {"column": "city", "operator": "equals", "value": "Berlin"}),
        ("city!=Berlin", {"column": "city", "operator": "not_equals", "value": "Berlin"}),
        ("city=Berlin,Oslo", {"column": "city", "operator": "equals", "value": ["Berlin", "Oslo"]}),
        ("n>1", {"column": "n", "operator": "greater_than", "value": "1"}),
        ("n>=1", {"column": "n", "operator": "greater_than_or_equal", "value": "1"}),
        ("n<1", {"column": "n", "operator": "less_than", "value": "1"}),
        ("n<=1", {"column": "n", "operator": "less_than_or_equal", "value": "1"}),
        ("n~a", {"column": "n", "operator": "contains", "value": "a"}),
        ("n!~a", {"column": "n", "operator": "not_contains", "value": "a"}),
        ("n=1..5", {"column": "n", "operator": "between", "value": ["1", "5"]}),
        ("n='1..5'", {"column": "n", "operator": "equals", "value": "1..5"}),
        ("n between 1..5", {"column": "n", "operator": "between", "value": ["1", "5"]}),
        ("n between 1 and 5", {"column": "n", "operator": "between", "value": ["1", "5"]}),
        ("n between 1,5", {"column": "n", "operator": "between", "value": ["1", "5"]}),
        ("n starts with a", {"column": "n", "operator": "starts_with", "value": "a"}),
        ("n endswith a", {"column": "n", "operator": "ends_with", "value": "a"}),
        ("n does not contain a", {"column": "n", "operator": "not_contains", "value": "a"}),
        ("d before 2024-01-31", {"column": "d", "operator": "before", "value": "2024-01-31"}),
        ("d after '31 Jan 2024'", {"column": "d", "operator": "after", "value": "31 Jan 2024"}),
        ("n is empty", {"column": "n", "operator": "is_empty"}),
        ("n is not empty", {"column": "n", "operator": "is_not_empty"}),
        ("'First name' is Ann", {"column": "First name", "operator": "equals", "value": "Ann"}),
        ("value=5", {"column": "value", "operator": "equals", "value": "5"}),
        ("value=5,6", {"column": "value", "operator": "equals", "value": ["5", "6"]}),
        ("column=n operator=is_empty", {"column": "n", "operator": "is_empty"}),
        ("column=n value=5", {"column": "n", "operator": "equals", "value": "5"}),
        (
            "column=n operator=gt value=5",
            {"column": "n", "operator": "greater_than", "value": "5"},
        ),
    ],
)
def test_conditions(text: str, expected: dict[str, Any]) -> None:
    assert conditions(f"/search {text}") == [expected]


@pytest.mark.parametrize(
    ("text", "logic"),
    [
        ("a=1 b=2", "AND"),
        ("a=1 and b=2", "AND"),
        ("a=1 or b=2", "OR"),
        ("a=1 b=2 logic=or", "OR"),
        ("a=1 b=2 logic=any", "OR"),
        ("a=1 b=2 match_all=no", "OR"),
        ("a between 1 and 5 and b=2", "AND"),
    ],
)
def test_logic(text: str, logic: str) -> None:
    assert step(f"/search {text}").arguments["logic"] == logic
    assert len(conditions(f"/search {text}")) == 2


@pytest.mark.parametrize(
    ("given_arguments", "expected"),
    [
        ({"match_all": False, "conditions": [{"column": "a", "operator": "eq", "value": 1}]}, "OR"),
        ({"logic": "and", "conditions": {"column": "a", "operator": "gte", "value": 1.0}}, "AND"),
        ({"column": "a", "operator": "startswith", "value": "x"}, "AND"),
    ],
)
def test_studios_words_are_understood(given_arguments: dict[str, Any], expected: str) -> None:
    found = check_step("excel/search", given_arguments).arguments
    assert found["logic"] == expected
    (condition,) = found["conditions"]
    assert condition["operator"] in ("equals", "greater_than_or_equal", "starts_with")
    assert condition["value"] in ("1", "x")


def test_json_null_means_blank() -> None:
    asked = {"conditions": [{"column": "a", "operator": "not_equals", "value": None}]}
    (condition,) = check_step("excel/search", asked).arguments["conditions"]
    assert condition == {"column": "a", "operator": "is_not_empty"}


@pytest.mark.parametrize(
    "asked",
    [
        {"conditions": "city=Berlin"},
        {"conditions": ["city"]},
        {"conditions": [{"operator": "eq", "value": 1}]},
        {"conditions": [{"column": "a", "operator": "contains", "value": {"b": 1}}]},
        {"conditions": []},
        {"conditions": None},
    ],
)
def test_odd_conditions_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        check_step("excel/search", asked)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("(a=1 or b=2) c=3", "(a = 1 or b = 2) and c = 3"),
        ("c=3 and ( a=1 or b=2 )", "c = 3 and (a = 1 or b = 2)"),
        (
            "(a is empty or (b>1 c='x y')) or d~z",
            "(a is empty or (b > 1 and c = x y)) or d ~ z",
        ),
        (
            "a='f (x)' (b=(y) or c between 1 and 5)",
            "a = f (x) and (b = (y) or c between 1 to 5)",
        ),
        ("(EUR)>5", "(EUR) > 5"),
        ("a=x(1) b=2)", "a = x(1) and b = 2)"),
        ("(a=1,2 or b='x')", "(a = 1 or 2 or b = x)"),
    ],
)
def test_groups_are_typed_with_parentheses(text: str, title: str) -> None:
    found = step(f"/search {text}")
    shown = title.replace(" ~ ", " contains ").replace("between 1 to", "is between 1 and")
    assert found.title == f"Keep rows where {shown}"
    assert check_step(found.operation, found.arguments) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(a=1", "never closed"),
        ("(a=1 ( )", "never closed"),
        ("( ) a=1", "nothing between the parentheses"),
        ("a=1 or b=2 and c=3", "put parentheses around"),
        (f"{'(' * 30}a=1{')' * 30}", "nested more than 20 deep"),
    ],
)
def test_groups_that_are_none(text: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        step(f"/search {text}")


A, B, C = ({"column": name, "operator": "eq", "value": 1} for name in "abc")


@pytest.mark.parametrize(
    "conditions",
    [
        [{"logic": "or", "conditions": [A, B]}, C],
        [{"match_all": False, "conditions": [A, B]}, C],
        [{"any": [A, B]}, C],
        {"all": [{"any": [A, B]}, C]},
        {"logic": "AND", "conditions": [{"logic": "OR", "conditions": [A, B]}, C]},
    ],
)
def test_groups_as_json(conditions: Any) -> None:
    found = check_step("excel/search", {"conditions": conditions})
    assert found.title == "Keep rows where (a = 1 or b = 1) and c = 1"


def test_groups_as_json_that_are_none() -> None:
    for wrong, message in (
        ([{"logic": "XOR", "conditions": [A]}], "either 'AND' or 'OR'"),
        ([{"logic": "OR", "conditions": []}], "holds a list of conditions"),
    ):
        with pytest.raises(CommandError, match=message):
            check_step("excel/search", {"conditions": wrong})
