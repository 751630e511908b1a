"""What is refused is refused in words somebody can act on."""

from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import BadCsv, CommandError, UnknownColumn
from chat_bridge.model import Limits, Source
from chat_bridge.workflow.operations.rows.conditions import OPERATORS
from chat_bridge.workflow.plan import check_step, interpret
from chat_bridge.workflow.tables.reading_csv import open_csv
from tests.workflow.operations.running import ran, written

PAIRS = '{"first": "second"}'
TEXT = "json/generate-with-template"
FILES = {"p.csv": {"name": ["Ann"], "city": ["Rome"]}}


@pytest.mark.parametrize(
    "operation",
    ["sql/generate", "sql/generate-to-text", "sql/generate-custom-to-text", "json/generate",
     TEXT, "file/bind", "file/bind-preview"],
)  # fmt: skip
@pytest.mark.parametrize("value", [{"source": "name"}, None, ["name"], True, " "])
def test_a_name_is_mapped_to_a_name(operation: str, value: Any) -> None:
    given: dict[str, Any] = {"column_mapping": {"who": value}}
    if "template" in operation or "custom" in operation:
        given["template"] = {"a": "{who}"} if operation == TEXT else "{who}"
    with pytest.raises(CommandError) as refused:
        check_step(operation, given)
    assert f"{PAIRS}; 'who' has" in refused.value.message
    assert refused.value.details["argument"] == "column_mapping"


def test_a_number_is_a_name_that_looks_like_one() -> None:
    assert check_step("json/generate", {"column_mapping": {"name": 5}}).arguments[
        "column_mapping"
    ] == {"name": "5"}


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/info encoding=x", "/info has no argument 'encoding'; it takes none."),
        ("/search amount between 5", "After 'between' come two values, as in amount between 5"),
        ("/search a=1 (b=2 or c=3", "position 12: a parenthesis is never closed"),
        ("/filter foo(name) = 1", "there is no function 'foo'; there are length, lower"),
        ("/filter lenght(name) = 1", "there is no function 'lenght'; did you mean 'length'?"),
        ("/rename amount", "Write 'amount=another name'"),
        ("/sample " + "x" * 500, "'" + "x" * 79 + "…' is not a number"),
        ("/normalize a=outliers multiplier=-1", "is less than 0 (outlier_removal)"),
    ],
)
def test_sentences(command: str, sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        interpret(command)
    assert sentence in refused.value.message


def test_a_column_before_a_group_is_no_function() -> None:
    columns = {"a": ["1", "5"], "b": ["2", "2"]}
    assert ran("/filter a > 2 and (b = 2)", columns)["a"].to_list() == ["5"]
    assert ran("/filter a in(1, 7)", columns)["a"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("word", "operator"),
    [("==", "equals"), ("<>", "not_equals"), ("is_null", "is_empty"),
     ("is_not_null", "is_not_empty")],
)  # fmt: skip
def test_operators_as_others_write_them(word: str, operator: str) -> None:
    assert OPERATORS[word] == operator


def test_a_condition_that_says_nothing_of_its_operator_means_equals() -> None:
    told = {"column": "a", "operator": None, "value": "1"}
    (condition,) = check_step("excel/search", {"conditions": [told]}).arguments["conditions"]
    assert condition["operator"] == "equals"
    with pytest.raises(CommandError, match="A condition names a column"):
        check_step("excel/search", {"conditions": [{**told, "column": None}]})


@pytest.mark.parametrize("rules", [["a=upper"], [None], [5], {"a": "upper"}, [{}], "a=upper"])
def test_rules_of_another_shape(rules: Any) -> None:
    with pytest.raises(CommandError, match="Rules are a list of objects, such as") as refused:
        check_step("normalization/apply", {"normalizations": rules, "strict": False})
    assert refused.value.details["argument"] == "normalizations"


@pytest.mark.parametrize(
    "command",
    ["/to-json columns=city name", "/to-sql columns=city name",
     "/sql-template template={name} columns=city name"],
)  # fmt: skip
def test_a_column_that_columns_left_out(command: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownColumn, match="no column 'name'; 'columns' keeps only city"):
        written(tmp_path, command, FILES)


@pytest.mark.parametrize(
    ("content", "line"),
    [('a,b\n"x,3\n', 2), ('a,b\n1,2\n"x,3\n4,5\n', 3), ('sep=;\na;b\n1;2\n"x;3\n4;5\n', 4)],
)
def test_a_quote_that_is_never_closed(content: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(content)
    with pytest.raises(BadCsv, match=f"in or after line {line} never ends"):
        open_csv(Source(path, "p.csv"), Limits(), tmp_path)


def test_lines_are_counted_from_the_hint_of_a_separator(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("sep=;\na;b\n1;2;3\n")
    with pytest.raises(BadCsv, match="line 3 has 3 fields"):
        open_csv(Source(path, "p.csv"), Limits(), tmp_path)


def test_names_are_shown_as_they_were_written() -> None:
    with pytest.raises(UnknownColumn, match=r"no columns 'it's', 'a\\b'; the columns are name"):
        ran("/extract \"it's\" 'a\\b'", FILES["p.csv"])
    with pytest.raises(UnknownColumn, match=r"no column .x{79}….; the columns"):
        ran("/extract " + "x" * 300, FILES["p.csv"])


def test_a_pattern_that_repeats_too_much() -> None:
    with pytest.raises(CommandError, match="repeats too much; make its counts smaller"):
        ran("/normalize name=regex pattern='.{65536}'", FILES["p.csv"])
