import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_bridge.errors import BadArgument, BadSyntax, CommandError, UnknownColumn
from tests.workflow.operations.running import applied, ran, steps

ORDERS = {
    "Unit price": ["10", "2.5", None, "0", "abc"],
    "qty": ["3", "40", "1", "5", "2"],
    "city": ["Berlin", "Paris", None, "Berlin (West)", "paris"],
    "day": ["2024-01-15", "01.02.2024", None, "2024-03-10", "soon"],
    "id": ["a", "b", "c", "d", "e"],
}


@pytest.mark.parametrize(
    ("expression", "ids"),
    [
        ("[Unit price] * qty > 50", "b"),
        ("`Unit price` * qty >= 30", "ab"),
        ("'Unit price' > 1 and qty < 10", "a"),
        ("qty + 0 = 3", "a"),
        ("qty = 3", "a"),
        ("qty = 3.0", ""),
        ("qty in (3, 40)", "ab"),
        ("qty not in (3, 40)", "cde"),
        ("city in (Berlin, 'Berlin (West)')", "ad"),
        ("city=Berlin,Paris", "ab"),
        ("lower(city) = paris", "be"),
        ("city contains BERLIN", "ad"),
        ("not city contains berlin", "bce"),
        ("city not contains berlin", "bce"),
        ("city starts with B and not (city = Berlin)", "d"),
        ("city is blank or qty > 39", "bc"),
        ("city is not blank qty > 4", "bd"),
        ("city = Berlin or city = Paris and qty < 10", "a"),
        ("(city = Berlin or city = Paris) and qty > 10", "b"),
        ("qty between 2 and 5", "ade"),
        ("qty / 0 > 1", ""),
        ("-qty < -39", "b"),
        ("qty % 2 = 0", "be"),
        ("round([Unit price]) = 3", ""),
        ("abs(0 - qty) = 5", "d"),
        ("day after 2024-01-20", "bd"),
        ("day > 2024-01-20 and day < 2024-03-01", "b"),
        ("year(day) = 2024 month(day) = 3", "d"),
        ("qty > [Unit price]", "bd"),
        ("length(city) > 6", "d"),
        ("city != Berlin", "bcde"),
    ],
)
def test_an_expression_keeps_rows(expression: str, ids: str) -> None:
    assert "".join(ran(f"/filter {expression}", ORDERS)["id"]) == ids


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/filter qty >", "a column or a value is missing"),
        ("/filter qty", "it compares nothing"),
        ("/filter (qty > 1", "a parenthesis is never closed"),
        ("/filter qty > 1)", "')' is not expected here"),
        ("/filter qty > '1", "the quote is never closed"),
        ("/filter qty between 1", "between takes two values"),
        ("/filter qty > 1 and city", "a condition is missing"),
        ("/filter length(qty, city) > 1", "length() takes one value"),
        (f"/filter {'(' * 60}qty > 1{')' * 60}", "nested more than 40 deep"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        ran(text, ORDERS)
    assert sentence in refused.value.message
    assert refused.value.status == 422


def test_a_place_in_the_expression_is_a_place_in_the_command() -> None:
    with pytest.raises(BadArgument) as refused:
        steps("/filter city = Berlin and )")
    assert refused.value.details["position"] == len("/filter city = Berlin and ")


def test_unknown_columns_and_words_are_suggested() -> None:
    with pytest.raises(UnknownColumn, match="did you mean 'city'"):
        ran("/filter ciyt = Berlin", ORDERS)
    with pytest.raises(BadArgument, match="did you mean the column 'qty'"):
        ran("/filter [Unit price] > qtyy", ORDERS)


def test_a_pipe_in_quotes_is_a_text_and_arguments_stand_at_the_ends() -> None:
    (step,) = steps("/filter output=found.csv city = 'a|b' day_first=yes")
    assert step.arguments == {
        "expression": "city = 'a|b'",
        "day_first": True,
        "output_filename": "found.csv",
    }
    first, second = steps("/filter city = Berlin | extract id")
    assert (first.operation, second.operation) == ("filter", "excel/extract-columns-to-file")
    with pytest.raises(BadSyntax):
        steps("/filter city = Berlin | ")


def test_as_a_step_of_a_workflow() -> None:
    found = applied("filter", {"expression": "qty * 2 = 80"}, ORDERS)
    assert found["id"].to_list() == ["b"]


@given(st.text(alphabet="qtyci ()[]'\"=<>!~+-*/%,.0123456789andornt", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_an_expression_or_is_refused(text: str) -> None:
    with contextlib.suppress(CommandError):
        applied("filter", {"expression": text}, ORDERS)


@pytest.mark.parametrize("sum_", ["1+" * 40 + "amount", "trim(" * 12 + "amount" + ")+1" * 12])
def test_long_calculations_take_no_longer_than_their_parts(sum_: str) -> None:
    """Each part named its cells twice: a sum of 16 took 45 seconds."""
    assert ran(f"/filter {sum_} > 12", {"amount": ["1", "x"]}).height == 1


def test_a_calculation_has_an_end() -> None:
    with pytest.raises(BadArgument, match="it calculates more than 100 times"):
        ran("/filter " + "1+" * 101 + "amount > 5", {"amount": ["1"]})
