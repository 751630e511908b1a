import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_bridge.errors import BadArgument, UnknownColumn
from chat_bridge.workflow.operations.normalize import TYPES
from chat_bridge.workflow.operations.normalize.kinds import KINDS, SPELLINGS
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.running import applied, column, fused, ran

Cells = list[str | None]


@pytest.mark.parametrize(
    ("rule", "cells", "expected"),
    [
        ("upper", ["abc é", "straße", None], ["ABC É", "STRASSE", None]),
        ("lower", ["ABC É", None], ["abc é", None]),
        ("title", ["it's ANN", "x1y", None], ["It'S Ann", "X1Y", None]),
        ("trim", ["\u00a0 a \u2003", "   ", None], ["a", None, None]),
        ("remove_spaces", ["a b\tc ", None], ["abc", None]),
        ("special_chars", ["a-b_c! 1", "José", "!!!", None], ["abc 1", "José", None, None]),
        (
            "phone",
            ["555.123.4567", "1-555-123-4567", "+49 30 123456", "25551234567", "none", None],
            [
                "(555) 123-4567",
                "+1 (555) 123-4567",
                "+49 30 123456",
                "25551234567",
                "none",
                None,
            ],
        ),
        ("email", ["  ANN@X.com ", "not one", None], ["ann@x.com", "not one", None]),
        ("name", ["  jANE doe ", "o'neil", None], ["Jane Doe", "O'Neil", None]),
        ("minmax", ["10", "20", "15", "x", None], [0.0, 1.0, 0.5, None, None]),
        ("minmax", ["5", "5"], [5.0, 5.0]),
        ("zscore", ["1", "2", "3", "x", None], [-1.0, 0.0, 1.0, None, None]),
        ("zscore", ["7", None], [0.0, None]),
        ("zscore", ["7", "7"], [0.0, 0.0]),
        ("round", ["2.345", "0.125", "1e3", "x", None], [2.35, 0.12, 1000.0, None, None]),
        ("round decimals=0", ["2.5", "3.5", "-0.5"], [2.0, 4.0, 0.0]),
        ("int", ["2.9", "-2.9", "x", None, "1e30"], [2, -2, None, None, None]),
        (
            "currency",
            ["$1,234.50", "-€5", "abc", "5-", "12 USD", None],
            [1234.5, -5.0, None, None, 12.0, None],
        ),
        (
            "money",
            ["(100)", "($1,234.50)", "1.234,50 €", "12,50", "1,234", "1.234.567", "−7"],
            [-100.0, -1234.5, 1234.5, 12.5, 1234.0, 1234567.0, -7.0],
        ),
        (
            "date",
            ["15/03/2024", "3 Mar 2024", "2024-02-30", None],
            ["2024-03-15", "2024-03-03", None, None],
        ),
        ("date format=DD.MM.YYYY", ["2024-03-15 10:00:00"], ["15.03.2024"]),
        ("date day_first=yes", ["04/03/2024"], ["2024-03-04"]),
        (
            "datetime",
            ["2024-03-15", "15.03.2024 9:05"],
            ["2024-03-15 00:00:00", "2024-03-15 09:05:00"],
        ),
        ("datetime format='%H:%M:%S.%f'", ["2024-03-15T10:00:00.5Z"], ["10:00:00.500000"]),
        ("datetime format='YYYY-MM-DD HH:mm:ss'", ["2024-03-15 1:02 PM"], ["2024-03-15 13:02:00"]),
        ("year", ["15/03/2024", "x"], [2024, None]),
        ("month", ["15/03/2024"], [3]),
        ("day", ["15/03/2024"], [15]),
        ("bool", ["YES", "on", "1", "no", " yes", None], [True, True, True, False, False, False]),
        ("bool keep_blanks=yes", ["yes", None], [True, None]),
        ("bool true_values=ja,si", ["JA", "si", "yes"], [True, True, False]),
        ("yes_no", ["on", "x", None], ["Yes", "No", "No"]),
        ("yes_no keep_blanks=yes", ["y", None], ["Yes", None]),
        (r"regex pattern='(\d+)' replacement='<\1>'", ["a1b22", None], ["a<1>b<22>", None]),
        (r"regex pattern='(?P<d>\d)' replacement='\g<d>$\\'", ["a1"], ["a1$\\"]),
        ("regex pattern='.*'", ["abc", None], [None, None]),
        ("regex", ["abc"], ["abc"]),
        ("fill value=0", ["5", None], ["5", "0"]),
        ("fill", ["5", None], ["5", None]),
        ("fill method=mean", ["1", "2", "x", None], ["1", "2", "x", "1.5"]),
        ("fill method=median", ["1", "3", "3", None], ["1", "3", "3", "3"]),
        ("fill method=mode", ["b", "a", "b", "a", None], ["b", "a", "b", "a", "a"]),
        ("outliers", ["1", "2", "3", "4", "100", "x", None], ["1", "2", "3", "4", None, "x", None]),
        ("outliers multiplier=100", ["1", "2", "3", "100"], ["1", "2", "3", "100"]),
    ],
)
def test_rules(rule: str, cells: Cells, expected: list[object]) -> None:
    assert column(f"/normalize c={rule}", cells) == expected


def test_every_type_is_tried_here_and_described() -> None:
    tried = {mark.split()[0] for mark, *_ in test_rules.pytestmark[0].args[1]}
    assert {SPELLINGS.get(name, name) for name in tried} == set(KINDS)
    assert set(TYPES) == set(KINDS)
    assert all(TYPES.values())


def test_every_short_name_leads_to_a_type() -> None:
    assert set(SPELLINGS.values()) <= set(KINDS)


def test_rules_follow_one_another() -> None:
    assert column("/normalize c=trim,upper,regex pattern=A replacement=o", [" ab a "]) == ["oB o"]
    assert column("/normalize c=currency,round,fill decimals=1 value=0", ["$1.26", None]) == [
        1.3,
        0.0,
    ]
    assert column("/normalize c=currency,fill value=none", ["$1.50", None]) == ["1.5", "none"]
    assert column("/normalize c=int,outliers,fill method=mode", ["1", "1", "2", "99", None]) == [
        1.0,
        1.0,
        2.0,
        1.0,
        1.0,
    ]


def test_other_columns_and_their_order_stay() -> None:
    frame = ran("/normalize b=upper", {"a": ["x"], "b": ["y"], "c": ["z"]})
    assert frame.columns == ["a", "b", "c"]
    assert frame.rows() == [("x", "Y", "z")]


def test_originals_are_kept_when_asked() -> None:
    frame = ran("/normalize b=upper,trim backup=yes", {"b": [" y"], "a": ["x"]})
    assert frame.columns == ["b", "a", "b_original"]
    assert frame.rows() == [("Y", "x", " y")]


def test_a_backup_never_covers_a_column() -> None:
    rules = [
        {"column": "b", "type": "upper", "backup_original": True},
        {"column": "a", "type": "upper"},
    ]
    table = {"b": ["y"], "b_original": ["kept"], "a": ["x"]}
    frame = applied("normalization/apply", {"normalizations": rules}, table)
    assert frame.columns == ["b", "b_original", "a", "b_original_"]
    assert frame.row(0) == ("Y", "kept", "X", "y")


def test_changes_and_losses_are_counted() -> None:
    table = {"d": ["2024-01-15", "15/01/2024", "x", None], "e": ["a", "B", None, "C"]}
    run = fused("/normalize d=date e=lower", table)
    run.frame.collect()
    (tally,) = run.tallies
    assert tally
    assert (tally.rows, tally.changed, tally.unread) == (4, 4, {"date:d": 1})


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(UnknownColumn, match="did you mean 'email'"):
        ran("/normalize emial=trim", {"email": ["x"]})


def test_a_broken_pattern_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadArgument, match=r"'\(' is not a regular expression: unclosed group"):
        column("/normalize c=regex pattern='('", ["x"])


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("a(?=b)", "look-ahead"),
        ("a(?!b)", "look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"),
        (r"(a)\1", "a back-reference"),
        ("(?P<x>a)(?P=x)", "a back-reference"),
        ("(a)(?(1)b)", "a conditional group"),
        ("(?>a)", "an atomic group"),
        ("x" * 1001, "at most 1000 characters"),
    ],
)
def test_what_the_engine_lacks_is_refused_by_name(pattern: str, what: str) -> None:
    rule = {"column": "c", "type": "regex_replace", "parameters": {"pattern": pattern}}
    with pytest.raises(BadArgument, match=what):
        check_step("normalization/apply", {"normalizations": [rule]})


def test_escaped_letters_are_not_mistaken_for_references() -> None:
    assert column(r"/normalize c=regex pattern='\\\\1' replacement=x", ["\\1"]) == ["x"]


CELLS = st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=12)), min_size=1, max_size=8)


@given(st.sampled_from(sorted(KINDS)), CELLS)
@settings(max_examples=200, deadline=None)
def test_any_cell_passes_any_rule_and_no_row_is_lost(kind: str, cells: Cells) -> None:
    found = column(f"/normalize c={kind}", cells)
    assert len(found) == len(cells)
    assert "" not in found, "an empty text is a blank"


@given(
    st.sampled_from(["uppercase", "lowercase", "trim", "email", "remove_spaces", "special_chars"]),
    CELLS,
)
@settings(max_examples=100, deadline=None)
def test_cleaning_what_is_clean_changes_nothing(kind: str, cells: Cells) -> None:
    once = column(f"/normalize c={kind}", cells)
    assert column(f"/normalize c={kind}", once) == once


@given(st.lists(st.decimals(-999_999, 999_999, places=2), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_amounts_come_back_from_both_notations(amounts: list[object]) -> None:
    expected = [float(str(amount)) for amount in amounts]
    english = [f"${amount:,.2f}" for amount in amounts]
    german = [text.replace(",", "'").replace(".", ",").replace("'", ".") for text in english]
    for cells in (english, german):
        assert column("/normalize c=currency", list(cells)) == pytest.approx(expected)


def test_the_result_of_a_lazy_frame_is_lazy() -> None:
    assert isinstance(fused("/normalize c=zscore", {"c": ["1"]}).frame, pl.LazyFrame)


def test_whole_numbers_beyond_what_a_float_can_tell_apart() -> None:
    cells = ["9007199254740993", "+9007199254740993.7", " -9007199254740993 ", "1e3", "-1.9"]
    expected = [9007199254740993, 9007199254740993, -9007199254740993, 1000, -1]
    assert column("/normalize c=integer", cells) == expected


def test_an_unknown_method_of_filling_is_the_value_unless_it_is_strict() -> None:
    rule = {"column": "c", "type": "fill", "parameters": {"method": "meen", "value": "x"}}
    given = {"normalizations": [rule], "strict": False}
    (checked,) = check_step("normalization/apply", given).arguments["normalizations"]
    assert checked["parameters"] == {"value": "x", "method": "value"}
    assert "'meen' is no method of fill_null_values (value, mean" in checked["remark"]
    with pytest.raises(BadArgument, match="'meen' is not one of value, mean"):
        check_step("normalization/apply", {**given, "strict": True})


@pytest.mark.parametrize("rule", ["currency", "phone", "round", "trim"])
def test_many_rules_for_one_column_take_no_longer_than_each(rule: str) -> None:
    """Inside one another 16 of them would be an expression of 65,000 parts, or many more."""
    many = ",".join([rule] * 16)
    once = column(f"/normalize c={rule}", ["5551234567", " 2 "])
    assert column(f"/normalize c={many}", ["5551234567", " 2 "]) == once


def test_rules_of_one_column_go_in_order_whatever_stands_between() -> None:
    told = "/normalize a=trim b=trim a=upper a=regex pattern=X replacement=y"
    assert ran(told, {"a": [" x "], "b": [" z "]}).rows() == [("y", "z")]
