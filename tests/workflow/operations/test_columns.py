import pytest

from chat_bridge.errors import UnknownColumn
from tests.workflow.operations.running import PEOPLE, ran


def test_columns_come_in_the_order_asked_for() -> None:
    assert ran("/extract joined,name").columns == ["joined", "name"]


def test_names_are_found_in_any_letter_case() -> None:
    assert ran("/extract NAME,Email").columns == ["name", "email"]


def test_repeated_rows_of_the_selection_go_when_asked() -> None:
    table = {"a": ["1", "1", "2", "1"], "b": ["x", "y", "x", "x"]}
    assert ran("/extract a", table)["a"].to_list() == ["1", "1", "2", "1"]
    assert ran("/extract a unique", table)["a"].to_list() == ["1", "2"]
    assert ran("/extract b,a remove_duplicates=yes", table).rows() == [
        ("x", "1"),
        ("y", "1"),
        ("x", "2"),
    ]


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(UnknownColumn, match="did you mean 'email'"):
        ran("/extract name,emial", PEOPLE)
