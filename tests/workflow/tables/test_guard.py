import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from chat_bridge.errors import FileRefused, SheetTooLarge, UnsupportedFileType
from chat_bridge.model import Limits, Source
from chat_bridge.workflow.tables import guard
from chat_bridge.workflow.tables.reading import open_table
from tests import hostile, workbooks
from tests.workflow.tables.books import LIMITS, book, read

AT_UPLOAD = frozenset(
    {"spaces.xlsx", "one-cell.xlsx", "entries.xlsx", "twice.xlsx", "cut-off.xlsx"}
)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.mark.parametrize("case", hostile.WORKBOOKS, ids=lambda case: case.name)
def test_hostile_workbooks_are_refused_by_name(case: hostile.Hostile, corpus: Path) -> None:
    path = case.write(corpus)
    started = time.process_time()
    with pytest.raises(FileRefused) as refusal:
        guard.check(path, case.name, LIMITS)
    assert time.process_time() - started < 3
    assert refusal.value.code == case.code
    assert case.name in refusal.value.message


@pytest.mark.parametrize(
    "case", [case for case in hostile.WORKBOOKS if case.name in AT_UPLOAD], ids=lambda c: c.name
)
def test_an_upload_is_judged_in_milliseconds(case: hostile.Hostile, corpus: Path) -> None:
    path = case.write(corpus)
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(FileRefused) as refusal:
        guard.check_upload(path, case.name, LIMITS)
    assert time.process_time() - started < 0.2
    assert tracemalloc.get_traced_memory()[1] < 2 * hostile.MIB
    tracemalloc.stop()
    assert refusal.value.code == case.code


@pytest.mark.parametrize("case", hostile.CSVS, ids=lambda case: case.name)
def test_hostile_csvs_are_refused_by_name(case: hostile.Hostile, corpus: Path) -> None:
    path = case.write(corpus)
    started = time.process_time()
    with pytest.raises(FileRefused) as refusal:
        open_table(Source(path, case.name), None, LIMITS, corpus)
    assert time.process_time() - started < 3
    assert refusal.value.code == case.code


@pytest.mark.parametrize(("case", "words"), hostile.MISTAKEN, ids=lambda value: str(value)[:40])
def test_the_wrong_kind_is_named(case: hostile.Hostile, words: str, corpus: Path) -> None:
    path = case.write(corpus)
    with pytest.raises(FileRefused) as refusal:
        guard.check_upload(path, case.name, LIMITS)
    assert refusal.value.code == case.code
    assert refusal.value.details["actual"] == words
    assert words in refusal.value.message


@pytest.mark.parametrize("first", ["BMI", "MZ", "PAR1", "GIF8", "Rar!"])
def test_a_column_named_like_a_magic_number_is_a_column(first: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{first},b\n1,2\n")
    guard.check_upload(path, "t.csv", LIMITS)


def test_other_extensions_are_refused_naming_the_allowed_ones(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFileType, match=r"\.xlsx, \.xlsm, \.xls, \.ods, \.csv"):
        guard.check_upload(tmp_path / "x", "notes.docx", LIMITS)


def honest(prefix: bytes = b"", *, before: bytes = b"", after: bytes = b"") -> bytes:
    """Two rows without any reference, in a namespace of its own if wanted."""
    cell = b'<p:row><p:c t="inlineStr"><p:is><p:t>%s</p:t></p:is></p:c></p:row>'
    rows = cell % b"name" + cell % b"Ann" + after
    page = (
        b"<p:worksheet XMLNS>" + before + b"<p:sheetData>" + rows + b"</p:sheetData></p:worksheet>"
    )
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    declared = b'xmlns:x="%s"' % main if prefix else b'xmlns="%s"' % main
    return page.replace(b"p:", prefix).replace(b"XMLNS", declared)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "parts",
    [
        {SHEET: honest(before=b'<dimension ref="A1:XFD1048576"/>')},
        {SHEET: honest(b"x:")},
        {SHEET: honest(after=b'<row r="1048576"><c r="XFD1048576" s="0"/></row>')},
        {"xl/media/image1.png": b"PNG" * 1000, "xl/vbaProject.bin": b"macros are never run"},
    ],
    ids=["dimension-lies", "prefixed", "far-but-blank", "other-parts"],
)
def test_odd_but_honest_workbooks_are_read(parts: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "honest.xlsm"
    workbooks.package(path, {**parts})
    assert read(Source(path, path.name)) == (("name",), [("Ann",)])


def test_the_limits_are_the_callers(tmp_path: Path) -> None:
    source = book(tmp_path / "b.xlsx", [["a", "b", "c"]] * 5)
    guard.check(source.path, source.name, Limits(cells=15, columns=3))
    with pytest.raises(SheetTooLarge, match="5 rows x 3 columns; the limit is 14 cells"):
        guard.check(source.path, source.name, Limits(cells=14))
    with pytest.raises(SheetTooLarge, match="3 columns; the limit is 2 columns"):
        guard.check(source.path, source.name, Limits(columns=2))


def test_the_guard_needs_no_table_library() -> None:
    program = (
        "import sys, chat_bridge.workflow.tables.guard, chat_bridge.workflow.tables.reading\n"
        "heavy = {'polars', 'pandas', 'openpyxl', 'python_calamine', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
