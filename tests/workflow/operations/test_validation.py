from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import CommandError, MissingArgument, UnknownColumn
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.running import applied, ran, steps, text_of, written

PEOPLE = {
    "email": ["ann@x.com", "bob", None, "ann@x.com"],
    "amount": ["10", "600", "abc", None],
    "joined": ["2024-01-15", "01.02.2024", "soon", None],
    "state": ["open", "closed", "New York", "open"],
}


def bad(command: str) -> list[tuple[int, str]]:
    found = ran(f"/validate {command}", PEOPLE)
    return list(found.select("row", "problems").iter_rows())


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("email=required", [4]),
        ("email=unique", [2, 5]),
        ("email=email", [3]),
        ("amount=number", [4]),
        ("amount=type:number", [4]),
        ("amount=integer", [4]),
        ("amount=min:100", [2, 4]),
        ("amount=max:100", [3, 4]),
        ("amount=range:0..100", [3, 4]),
        ("joined=date", [4]),
        ("joined=min:2024-01-20", [2, 4]),
        ("joined=range:2024-01-01..2024-01-31", [3, 4]),
        ("state=in:open;closed", [4]),
        ("state=in:'open;closed;New York'", []),
        ("state='in:open;New York'", [3]),
        ("state=length:4", [3, 4]),
        ("state=length:4..6", [4]),
        ("state=min_length:6", [2, 5]),
        ("state=max_length:5", [3, 4]),
        ("state='pattern:^[a-z]+$'", [4]),
    ],
)
def test_every_rule(rule: str, rows: list[int]) -> None:
    assert [row for row, _ in bad(rule)] == rows


def test_what_is_wrong_with_a_row_is_said_beside_it() -> None:
    assert bad("email=required,email amount=number,range:0..500") == [
        (3, "email is no email; amount is not between 0 and 500"),
        (4, "email is blank; amount is no number; amount is not between 0 and 500"),
    ]


def test_the_report_counts_and_names_rows(tmp_path: Path) -> None:
    result = written(tmp_path, "/validate email=required,unique", {"p.csv": PEOPLE})
    report = result.data["validation"]
    assert (report["valid"], report["bad_rows"], report["good_rows"]) == (False, 3, 1)
    assert [(c["rule"], c["count"], c["rows"]) for c in report["checks"]] == [
        ("required", 1, [4]),
        ("unique", 2, [2, 5]),
    ]
    assert "| email | is there more than once | 2 | 2, 5 |" in result.summary
    assert text_of(result).splitlines()[0] == "row,problems,email,amount,joined,state"


def test_good_rows_go_on_in_a_pipeline() -> None:
    assert ran("/validate amount=number keep=good | extract amount", PEOPLE)[
        "amount"
    ].to_list() == ["10", "600", None]
    every = ran("/validate amount=number keep=all", PEOPLE)
    assert every["problems"].to_list() == [None, None, "amount is no number", None]


def test_a_table_that_keeps_the_rules(tmp_path: Path) -> None:
    result = written(tmp_path, "/validate state=required", {"p.csv": PEOPLE})
    assert result.data["validation"]["valid"] is True
    assert result.summary.startswith("All 4 rows keep the rules.")


@pytest.mark.parametrize(
    "rules",
    [
        [{"column": "amount", "rule": "range", "min": 0, "max": 100}],
        [{"column": "amount", "range": [0, 100]}],
        [{"column": "amount", "type": "number", "min": 0, "max": 100}],
        {"amount": {"type": "number", "max": 100, "min": 0, "required": False}},
        '[{"column": "amount", "rule": "range", "value": "0..100"}]',
    ],
)
def test_rules_as_json(rules: Any) -> None:
    found = applied("validate", {"rules": rules}, PEOPLE)
    assert found["row"].to_list() == [3, 4]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/validate email=requird", "did you mean 'required'?"),
        ("/validate amount=min:much", "neither a number nor a date"),
        ("/validate amount=range:1", "is no range such as 1..10"),
        ("/validate amount=min", "'min' needs a value"),
        ("/validate state='pattern:(?=a)'", "look-ahead"),
        ("/validate state='pattern:('", "is not a regular expression"),
        ("/validate state=length:x", "is not a whole number"),
        ("/validate state keep=bad", "Write 'state=required'"),
    ],
)
def test_rules_that_are_none(command: str, sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        ran(command, PEOPLE)
    assert sentence in refused.value.message


def test_columns_are_checked_and_rules_needed() -> None:
    with pytest.raises(UnknownColumn, match="did you mean 'email'"):
        ran("/validate emial=required", PEOPLE)
    with pytest.raises(MissingArgument):
        steps("/validate keep=all")


def test_checked_rules_can_be_checked_again() -> None:
    (step,) = steps("/validate a=required,range:1..2,length:2..3,in:x;y,date,'pattern:^a' b=min:3")
    assert check_step(step.operation, step.arguments) == step
