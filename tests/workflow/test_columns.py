import pytest

from chat_bridge.errors import UnknownColumn
from chat_bridge.workflow.columns import listed, resolve, resolve_one


def test_exact_names_win() -> None:
    assert resolve(["name", "Name"], ["Name", "name"]) == ["name", "Name"]


def test_any_letter_case_when_only_one_fits() -> None:
    assert resolve(["EMAIL", "first name"], ["First name ", "Email"]) == ["Email", "First name "]


def test_two_that_fit_are_not_guessed() -> None:
    with pytest.raises(UnknownColumn):
        resolve_one("NAME", ["Name", "name"])


def test_a_column_is_taken_once() -> None:
    assert resolve(["Name", "name", "NAME"], ["Name"]) == ["Name"]


def test_an_unknown_column_suggests_the_nearest() -> None:
    with pytest.raises(UnknownColumn) as found:
        resolve_one("emial", ["id", "email"])
    assert found.value.message == "There is no column 'emial'; did you mean 'email'?"
    assert found.value.details["nearest"] == "email"
    assert found.value.details["columns"] == ["id", "email"]
    assert (found.value.status, found.value.code) == (422, "unknown_column")


def test_without_a_near_one_the_columns_are_listed() -> None:
    with pytest.raises(UnknownColumn, match=r"no column 'zzz'; the columns are id, email\.$"):
        resolve_one("zzz", ["id", "email"])


def test_an_empty_table_says_so() -> None:
    with pytest.raises(UnknownColumn, match="the table is empty"):
        resolve_one("zzz", [])


def test_all_missing_columns_are_named() -> None:
    with pytest.raises(UnknownColumn, match="'x', 'y'"):
        resolve(["id", "x", "y"], ["id"])


def test_long_lists_are_cut() -> None:
    assert listed([str(n) for n in range(20)], most=3) == "0, 1, 2 and 17 more"
