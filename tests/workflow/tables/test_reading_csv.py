import codecs
import csv
import io
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat_bridge.errors import BadCsv, EmptyFile, FileRefused
from chat_bridge.model import Source
from chat_bridge.workflow.tables.reading import profile
from tests.workflow.tables.books import LIMITS, opened, read, rows_of, text_file


def table(tmp_path: Path, content: bytes, name: str = "t.csv"):
    return read(text_file(tmp_path / name, content))


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,\xc3\xa4\n",
        b"\xef\xbb\xbfa,b\n1,\xc3\xa4\n",
        b"a;b\r\n1;\xe4\r\n",
        b"a|b\n1|\xe4",
        b"a\tb\r1\t\xe4\r",
        b"sep=;\na;b\n1;\xe4\n",
        "a,b\n1,ä\n".encode("utf-16"),
        "a;b\n1;ä\n".encode("utf-16-le"),
        "a,b\n1,ä\n".encode("utf-16-be"),
        "a,b\n1,ä\n".encode("utf-32"),
        codecs.BOM_UTF32_BE + "a;b\n1;ä\n".encode("utf-32-be"),
        "a;b\n1;ä\n".encode("utf-32-le"),
        "a,b\n1,ä\n".encode("utf-32-be"),
        b"\n\na,b\n\n1,\xc3\xa4\n  \n",
        b'"a","b"\r\n\r\n"1","\xc3\xa4"\n',
        b"a,b\n1,\xc3\xa4,\n",
        b"a,b\n1,\xc3\xa4,,\n",
    ],
)
def test_every_dialect_gives_the_same_table(tmp_path: Path, content: bytes) -> None:
    assert table(tmp_path, content) == (("a", "b"), [("1", "ä")])


def test_windows_punctuation_and_stray_bytes(tmp_path: Path) -> None:
    assert table(tmp_path, b"a,b\n\x80\x93x\x94,\x81\n")[1] == [("€“x”", "\x81")]
    mixed = "ä,ö\n".encode() * 40 + b"\xe4,caf\xe9\n"
    assert table(tmp_path, b"a,b\n" + mixed)[1] == [("ä", "ö")] * 40 + [("ä", "café")]


def test_a_foreign_byte_far_behind_the_sample(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,plain text\n" * 60_000 + b"2,caf\xe9\n"
    _, rows = table(tmp_path, content)
    assert (len(rows), rows[-1]) == (60_001, ("2", "café"))


def test_dialect_is_told(tmp_path: Path) -> None:
    source = text_file(tmp_path / "t.csv", b"a;b\n1,5;\xe4\n")
    assert profile(source, LIMITS, tmp_path).dialect == {"delimiter": ";", "encoding": "cp1252"}
    source = text_file(tmp_path / "t.csv", "a;b\n1;ä\n".encode("utf-32"))
    assert profile(source, LIMITS, tmp_path).dialect == {"delimiter": ";", "encoding": "utf-32"}
    source = text_file(tmp_path / "t.tsv", b"a,x\tb\n")
    assert opened(source).columns == ("a,x", "b")


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1\n2,3\n", [("1", None), ("2", "3")]),
        (b'a,b\n"",x\n,y\n', [(None, "x"), (None, "y")]),
        (b"a,b\n,\n1,2\n", [(None, None), ("1", "2")]),
        (b'a,b\n"x\r\ny","say ""hi"""\n', [("x\r\ny", 'say "hi"')]),
        (b'a,b\n5" pipe,2\n6",3\n', [('5" pipe', "2"), ('6"', "3")]),
        (b"a,b\n 1 , NA \n", [(" 1 ", " NA ")]),
        (b"a,b\n1,2\r\n3,4\r5,6\n", [("1", "2"), ("3", "4"), ("5", "6")]),
        (b"a,b\n", []),
        (b"a,b", []),
    ],
)
def test_odd_rows(tmp_path: Path, content: bytes, rows: list[tuple[str | None, ...]]) -> None:
    assert table(tmp_path, content) == (("a", "b"), rows)


def test_one_column_keeps_quoted_blanks_and_skips_blank_lines(tmp_path: Path) -> None:
    assert table(tmp_path, b'a\n1\n\n""\n2\n') == (("a",), [("1",), (None,), ("2",)])


def test_a_header_over_several_lines(tmp_path: Path) -> None:
    assert table(tmp_path, b'"a\nb",c\n1,2\n') == (("a\nb", "c"), [("1", "2")])


def test_a_row_too_long_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadCsv, match="line 3 has 3 fields, the header has 2"):
        table(tmp_path, b"a,b\n1,2\n1,2,3\n")


def test_rows_too_long_are_noticed_when_only_some_columns_are_used(tmp_path: Path) -> None:
    with pytest.raises(BadCsv):
        opened(text_file(tmp_path / "t.csv", b"a,b\n1,2\n" * 9 + b"1,2,3\n"))


def test_only_columns_that_are_used_are_read(tmp_path: Path) -> None:
    source = text_file(tmp_path / "t.csv", b"a,b,c\n1,2,3\n")
    plan = opened(source).frame.select("b").explain()
    assert "PROJECT 1/3 COLUMNS" in plan


def test_names_with_patterns_are_files(tmp_path: Path) -> None:
    assert table(tmp_path, b"a,b\n1,2\n", "t[1]*.csv")[1] == [("1", "2")]


def test_nothing_in_it(tmp_path: Path) -> None:
    for content in (b"", b"\n \n", b"\xef\xbb\xbf"):
        with pytest.raises(EmptyFile):
            table(tmp_path, content)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1e"), max_size=12)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6)
)


@settings(max_examples=150, deadline=None)
@example(rows=[[""], ["\x1f"]])
@given(rows=TABLES)
def test_whatever_the_csv_module_writes_is_read_back(rows, tmp_path_factory) -> None:
    text = io.StringIO()
    names = [f"n{index}" for index in range(len(rows[0]))]
    csv.writer(text).writerows([names, *rows])
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.getvalue().encode())
    found = opened(Source(path, "any.csv"))
    expected = [tuple(cell or None for cell in row) for row in rows]
    if len(names) == 1:  # a line of blanks is a blank line, and skipped
        expected = [row for row in expected if row[0] is None or row[0].strip(" \t\r\n\v\f")]
        assert [r for r in rows_of(found) if r[0] is None or r[0].strip(" \t\r\n\v\f")] == expected
        return
    assert rows_of(found) == expected


@settings(max_examples=150, deadline=None)
@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes_are_read_or_refused_by_name(content: bytes, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(content)
    with suppress(FileRefused):
        frame = opened(Source(path, "bytes.csv")).frame.collect()
        assert set(frame.dtypes) <= {pl.String}


def test_a_text_beyond_all_measure_is_called_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(BadCsv, match=r"in or after line 1 is longer than 1,048,576 characters"):
        table(tmp_path, b"a," + b"x" * (2 << 20) + b"\n1,2\n")
