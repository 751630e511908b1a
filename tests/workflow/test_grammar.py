from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_bridge.errors import BadSyntax
from chat_bridge.workflow.grammar import Command, Term, is_command, parse


def said(term: Term) -> Any:
    values = [value.data for value in term.values]
    return values if term.key is None else (term.key.data, term.operator, values)


def only(text: str) -> list[Any]:
    (command,) = parse(text)
    return [said(term) for term in command.terms]


def test_a_pipeline_of_commands() -> None:
    text = "/extract columns=name,email | normalize email=email_format | /to-sql table=users"
    commands = parse(text)
    assert [(c.name, c.position) for c in commands] == [
        ("extract", 0),
        ("normalize", 30),
        ("to-sql", 61),
    ]
    assert [[said(t) for t in c.terms] for c in commands] == [
        [("columns", "=", ["name", "email"])],
        [("email", "=", ["email_format"])],
        [("table", "=", ["users"])],
    ]


def test_line_breaks_and_spaces_do_not_matter() -> None:
    text = "  /Extract\n\tcolumns = name ,\n email\n |\n dedupe  by= email  "
    first, second = parse(text)
    assert (first.name, second.name) == ("extract", "dedupe")
    assert said(first.terms[0]) == ("columns", "=", ["name", "email"])
    assert said(second.terms[0]) == ("by", "=", ["email"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a='x y'", "x y"),
        ('a="x, y | z"', "x, y | z"),
        (r'a="say \"hi\""', 'say "hi"'),
        (r"a='it\'s'", "it's"),
        (r'a="back\\slash"', "back\\slash"),
        (r"a='(\d+)'", r"(\d+)"),
        ("a=“curly quotes”", "curly quotes"),
        ("a=„so auch“", "so auch"),
        ("a=''", ""),
        ("a=O'Brien", "O'Brien"),
        ("a=x=y", "x=y"),
        ("a=[abc]", "[abc]"),
        ('a={"New": "old, name"}', {"New": "old, name"}),
        ("a=[1,2]", [1, 2]),
    ],
)
def test_values(typed: str, meant: object) -> None:
    assert only(f"/x {typed}") == [("a", "=", [meant])]


@pytest.mark.parametrize(
    ("typed", "operator"),
    [
        ("a=1", "="),
        ("a==1", "="),
        ("a!=1", "!="),
        ("a<>1", "!="),
        ("a≠1", "!="),
        ("a>1", ">"),
        ("a >= 1", ">="),
        ("a≥1", ">="),
        ("a<1", "<"),
        ("a <=1", "<="),
        ("a~1", "~"),
        ("a!~ 1", "!~"),
    ],
)
def test_operators(typed: str, operator: str) -> None:
    assert only(f"/search {typed}") == [("a", operator, ["1"])]


def test_lists_may_be_quoted_and_spaced() -> None:
    assert only("/x 'First name', city , \"a,b\" unique") == [
        ["First name", "city", "a,b"],
        ["unique"],
    ]


def test_a_key_may_be_quoted() -> None:
    assert only("/search 'First name'=Ann") == [("First name", "=", ["Ann"])]


def test_a_trailing_comma_is_forgiven() -> None:
    assert only("/extract a, b,") == [["a", "b"]]


def test_positions_point_into_the_text() -> None:
    (command,) = parse("/x  a = 'b'")
    (term,) = command.terms
    assert (term.position, term.values[0].position, term.values[0].quoted) == (4, 8, True)


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("hello", 0, "begins with '/'"),
        ("/", 1, "name of a command is missing"),
        ("/x |", 4, "a command is missing after '|'"),
        ("/x | | y", 5, "name of a command is missing"),
        ("/x a=", 5, "a value is missing after '='"),
        ("/x a= b=c", 6, "a value is missing after '='"),
        ("/x a> | y", 6, "a value is missing after '>'"),
        ("/x =3", 3, "a name is missing"),
        ("/x a=1,,2", 7, "a value is missing before ','"),
        ("/x 'abc", 3, "never closed"),
        ('/x a="b"c', 8, "a space is missing"),
    ],
)
def test_mistakes_are_found_where_they_are(text: str, position: int, reason: str) -> None:
    with pytest.raises(BadSyntax) as found:
        parse(text)
    assert found.value.details["position"] == position
    assert reason in found.value.message
    assert f"position {position}" in found.value.message


def test_only_a_slash_begins_a_command() -> None:
    assert is_command("  /help")
    assert not is_command("extract name")


SEASONED = st.text(st.sampled_from("/|=<>!~,'\"“”\\ \n[]{}:.aé1"), max_size=60)


@given(st.one_of(st.text(max_size=80), SEASONED, SEASONED.map("/x ".__add__)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused_with_a_position(text: str) -> None:
    try:
        commands = parse(text)
    except BadSyntax as refused:
        position = refused.details["position"]
        assert isinstance(position, int)
        assert 0 <= position <= len(text)
    else:
        assert commands
        assert all(isinstance(c, Command) and c.name for c in commands)


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_value_can_be_quoted(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    assert only(f'/x a="{escaped}"') == [("a", "=", [value])]


@given(st.lists(st.text("abcdef123äß_-.", min_size=1, max_size=8), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_plain_lists_come_back(names: list[str]) -> None:
    assert only(f"/x columns={','.join(names)}") == [("columns", "=", names)]


def test_deeply_nested_json_is_just_a_word() -> None:
    deep = "[" * 100_000
    assert only(f"/x a={deep}") == [("a", "=", [deep])]
