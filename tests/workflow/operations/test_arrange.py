"""/sort, /sample and /summarise."""

from pathlib import Path

import pytest

from chat_bridge.errors import CommandError
from tests.workflow.operations.running import column, ran, written


@pytest.mark.parametrize(
    ("command", "cells", "order"),
    [
        ("/sort c", ["10", "9", None, "x", "1e1"], ["9", "10", "1e1", "x", None]),
        ("/sort c desc", ["9", "10", None, "x"], ["10", "9", "x", None]),
        ("/sort c", ["b", "A", "a", "B"], ["A", "a", "B", "b"]),
        ("/sort c as=text", ["10", "9"], ["10", "9"]),
        ("/sort c as=date", ["01.02.2024", "2024-01-15", None], ["2024-01-15", "01.02.2024", None]),
        ("/sort by=c as=number", ["x", "2", "1"], ["1", "2", "x"]),
        ("/normalize c=integer | sort c", ["10", "9"], [9, 10]),
    ],
)
def test_sort(command: str, cells: list[str | None], order: list[object]) -> None:
    assert column(command, cells) == order


def test_equal_rows_stay_in_their_order() -> None:
    found = ran("/sort city", {"city": ["b", "a", "b", "a"], "n": ["1", "2", "3", "4"]})
    assert found["n"].to_list() == ["2", "4", "1", "3"]


def test_a_sample_is_the_same_again_and_in_order(tmp_path: Path) -> None:
    files = {"a.csv": {"n": [str(n) for n in range(1000)]}}
    first, again, other = (
        [int(line) for line in written(tmp_path, c, files).outputs[0].path.read_text().split()[1:]]
        for c in ("/sample 50", "/sample 50", "/sample 50 seed=7")
    )
    assert first == again == sorted(first)
    assert len(set(first)) == 50
    assert first != other
    assert max(first) > 500 > min(first)
    result = written(tmp_path, "/sample 3 first", files)
    assert result.outputs[0].path.read_text() == "n\n0\n1\n2\n"
    assert result.summary == "3 rows, 997 rows left out."
    assert written(tmp_path, "/sample 5000", files).outputs[0].rows == 1000
    assert written(tmp_path, "/sample 5000000000", files).outputs[0].rows == 1000


SALES = {
    "city": ["Oslo", None, "Oslo", "Rome", None],
    "amount": ["0.1", "1", "0.2", "x", None],
    "who": ["Ann", "Bob", "Ann", "Zoë", None],
}


def test_summarise(tmp_path: Path) -> None:
    command = "/summarise city sum=amount mean=amount min=amount max=amount distinct=who"
    result = written(tmp_path, command, {"a.csv": SALES})
    assert result.outputs[0].path.read_text().splitlines() == [
        "city,count,sum of amount,mean of amount,min of amount,max of amount,distinct of who",
        "Oslo,2,0.3,0.15,0.1,0.2,1",
        ",2,1,1,1,1,1",
        "Rome,1,,,,,1",
    ]
    assert result.summary == "3 rows, 2 rows folded into their group."


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/sort", "/sort needs 'columns'"),
        ("/sort citi", "did you mean 'city'"),
        ("/sample 0", "it is less than 1"),
        ("/sample 99999999999999999999", "is too large"),
        ("/sample seed=-1", "it is less than 0"),
        ("/sample many", "'many' is not a number"),
        ("/group city sum=amont", "did you mean 'amount'"),
        ("/rename city=count | summarise 'count'", "two columns would be named 'count'"),
    ],
)
def test_refusals_say_what_is_wrong(command: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        written(tmp_path, command, {"a.csv": SALES})
    assert sentence in refused.value.message
