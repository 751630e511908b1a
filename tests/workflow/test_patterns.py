"""Expressions as people who know Python write them, read by the engine."""

import re
import time
import warnings

import polars as pl
import pytest

from chat_bridge.errors import BadArgument
from chat_bridge.workflow.patterns import replacement, tried


def both(pattern: str, text: str, by: str = "#") -> tuple[str, str]:
    """What the engine makes of it, and what Python does."""
    told = replacement(by)
    (ours,) = pl.Series([text]).str.replace_all(tried(pattern, told), told)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return ours, re.sub(pattern, by, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"a\Z", "aba"), (r"\\Z", r"a\Z"), ("[[a]", "x[a"), ("[a[]b]", "ab][b]"), ("[]a]", "]a"),
        ("[^]a]", "b]a"), ("[a&&b]", "a&b"), (r"\<b", "a<b"), (r"[\<\]b]", "a<b]"),
        ("ba{,3}$", "baa"), ("[a~~b]", "a~"), (r"\[[^\]]*\]", "x[y]z"), (r"[\w.-]+", "a-b.c d"),
    ],
)  # fmt: skip
def test_patterns_mean_what_they_mean_in_python(pattern: str, text: str) -> None:
    ours, python = both(pattern, text)
    assert ours == python


@pytest.mark.parametrize(
    "by", [r"\1-\2", r"\g<n>!", r"\g<0>", r"\g<2>", r"\n", r"\t|\\", "$1", "${n}"]
)
def test_replacements_mean_what_they_mean_in_python(by: str) -> None:
    ours, python = both("(?P<n>a)(b)", "xab", by)
    assert ours == python


def test_classes_of_posix_stay() -> None:
    assert pl.Series(["1a"]).str.replace_all(tried("[[:alpha:]]"), "#").to_list() == ["1#"]


@pytest.mark.parametrize("by", [r"\3", r"\g<m>"])
def test_a_group_that_is_not_there_is_refused(by: str) -> None:
    with pytest.raises(BadArgument, match=r"names the group '(3|m)', and the pattern has n, 2"):
        tried("(?P<n>a)(b)", replacement(by))


EVIL = ("^(a+)+$", r"^(\w+\s?)*$", r"\s+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a|aa)+$", "(.*a){20}")


@pytest.mark.parametrize("pattern", EVIL)
def test_no_pattern_takes_long(pattern: str) -> None:
    """Each of them stops `re` for longer than anybody waits."""
    cells = pl.Series(["a" * 5_000 + "!", " " * 5_000 + "!", "a a" * 2_000 + "!"])
    began = time.process_time()
    cells.str.contains(tried(pattern))
    assert time.process_time() - began < 3
