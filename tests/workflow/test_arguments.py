from typing import Any

import pytest

from chat_bridge.errors import BadArgument, MissingArgument
from chat_bridge.workflow.arguments import check, either, truth
from chat_bridge.workflow.registry import Argument, Operation

BAKE = Operation(
    name="kitchen/bake",
    commands=("bake",),
    summary="Bake",
    help="Bakes.",
    arguments=(
        Argument("columns", "columns", "What.", required=True, aliases=("cols",)),
        Argument("minutes", "integer", "How long.", default=30),
        Argument("heat", "number", "How hot."),
        Argument("lid", "boolean", "Covered.", default=False),
        Argument("note", "text", "A note."),
        Argument("tags", "list", "Tags.", required=True),
        Argument("tin", "choice", "Tin.", choices=("Round", "Square"), spellings={"box": "square"}),
    ),
    examples=("/bake bread",),
    suffix="baked",
    apply=lambda frame, _: frame,
    title=lambda _: "Bake",
)
NEEDED: dict[str, Any] = {"columns": ["a"], "tags": ["x"]}


def checked(**given: Any) -> dict[str, Any]:
    return dict(check(BAKE, {**NEEDED, **given}))


def test_defaults_fill_what_was_not_said() -> None:
    assert checked() == {
        "columns": ["a"],
        "tags": ["x"],
        "minutes": 30,
        "heat": None,
        "lid": False,
        "note": None,
        "tin": None,
    }


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("minutes", "5", 5),
        ("minutes", 5.0, 5),
        ("heat", " 1.5 ", 1.5),
        ("heat", 2, 2.0),
        ("lid", "Yes", True),
        ("lid", "off", False),
        ("lid", True, True),
        ("lid", 0, False),
        ("note", ["one"], "one"),
        ("note", 7, "7"),
        ("note", None, None),
        ("tags", "one", ["one"]),
        ("tags", ["a", 2, "a"], ["a", "2", "a"]),
        ("columns", ["a", "b", "a", " "], ["a", "b"]),
        ("tin", "round", "Round"),
        ("tin", "BOX", "Square"),
    ],
)
def test_values_are_read_by_type(name: str, given: Any, read: Any) -> None:
    assert checked(**{name: given})[name] == read


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("minutes", "1.5", "'1.5' is not a whole number"),
        ("minutes", "soon", "'soon' is not a number"),
        ("minutes", True, "'True' is not a number"),
        ("heat", "inf", "'inf' is not a number"),
        ("lid", "ajar", "'ajar' is neither yes nor no"),
        ("note", ["a", "b"], "it takes one value"),
        ("note", {"a": 1}, "it takes one value"),
        ("tags", [["a"]], "it takes a list of texts"),
        ("tags", [None], "it takes a list of texts"),
        ("tags", [], "it is empty"),
        ("columns", [" "], "it names no column"),
        ("tin", "rond", "did you mean 'Round'?"),
        ("tin", "heart", "choose 'Round' or 'Square'"),
    ],
)
def test_wrong_values_are_refused_with_a_reason(name: str, given: Any, reason: str) -> None:
    with pytest.raises(BadArgument) as found:
        checked(**{name: given})
    assert reason in found.value.message
    assert found.value.details["argument"] == name
    assert found.value.details["command"] == "bake"


def test_what_is_needed_is_asked_for_with_an_example() -> None:
    with pytest.raises(MissingArgument) as found:
        check(BAKE, {"columns": ["a"]})
    assert found.value.message == "/bake needs 'tags', for example: /bake bread"


def test_both_names_of_an_argument_are_one() -> None:
    with pytest.raises(BadArgument, match="given twice"):
        checked(cols=["b"])


def test_unknown_names_are_refused_with_the_nearest_or_all() -> None:
    with pytest.raises(BadArgument, match=r"no argument 'minuts'; did you mean 'minutes'\?$"):
        checked(minuts=1)
    with pytest.raises(BadArgument, match=r"it takes 'columns', 'minutes', .* or 'tin'"):
        checked(zzz=1)


def test_truth_as_people_write_it() -> None:
    assert [truth(word) for word in ("Y", " true ", "0", "No", "maybe")] == [
        True,
        True,
        False,
        False,
        None,
    ]


def test_lists_of_words() -> None:
    assert [either(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "'a'",
        "'a' or 'b'",
        "'a', 'b' or 'c'",
    ]
