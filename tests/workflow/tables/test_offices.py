"""Files that LibreOffice, xlwt and odfpy wrote (`offices/make.py`), to the cell."""

from pathlib import Path

import pytest

from chat_bridge.model import Limits, Source
from chat_bridge.workflow.tables.reading import profile
from tests.workflow.tables.books import Rows, read

OFFICES = Path(__file__).parent / "offices"
WRITTEN = ("libreoffice.ods", "libreoffice.xls", "libreoffice.xlsx", "xlwt.xls")
BORN, SEEN = "1990-02-28 00:00:00", "2024-01-15 10:30:05"
HUGE = "100000000000000000000"
COLUMNS = (
    "id", "name", "born", "seen", "at", "member", "amount", "share", "twice", "wrong", "note",
)  # fmt: skip


def expected(name: str) -> Rows:
    """xlwt cannot calculate: its file has no formulas. What is wrong with a cell is no text."""
    twice = (None, None, None) if name == "xlwt.xls" else ("14", "25", "Zoë Ångström")
    ben = "00123456789012345678"
    ann, late = "Zoë Ångström", "after two blank rows"
    blank = (None,) * len(COLUMNS)
    return [
        ("007", ann, BORN, SEEN, "09:05:00", "True", "7", "0.125", twice[0], None, "same"),
        (ben, "Ben", None, None, None, "False", "12.5", "1", twice[1], None, "same"),
        blank,
        blank,
        ("9", late, None, None, None, None, "-3", None, twice[2], None, "same"),
        ("10", None, None, None, None, None, HUGE, None, None, None, "same"),
    ]  # fmt: skip


def source(name: str) -> Source:
    return Source(OFFICES / name, name)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_cell(name: str, tmp_path: Path) -> None:
    assert read(source(name)) == (COLUMNS, expected(name))


@pytest.mark.parametrize("name", WRITTEN)
def test_other_sheets(name: str) -> None:
    assert read(source(name), "Übersicht") == (("k", "v"), [("a", "1")])
    assert read(source(name), "Empty") == ((), [])
    columns, rows = read(source(name), "all")
    assert columns == ("sheet", *COLUMNS, "k", "v")
    assert [row[0] for row in rows] == ["People"] * 6 + ["Übersicht"]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_profile(name: str, tmp_path: Path) -> None:
    found = profile(source(name), Limits(), tmp_path)
    assert found.rows == 6
    types = {column["name"]: column["type"] for column in found.columns}
    assert (types["id"], types["born"], types["member"]) == ("text", "date", "boolean")


def test_repeated_cells_and_rows() -> None:
    """A million blank rows at the end, as every sheet of this kind has them, are none."""
    assert read(source("odfpy.ods")) == (
        ("a", "b", "c", "d"),
        [
            ("x", "x", "x", "y"),
            *[("007", None, None, "z")] * 3,
            *[(None,) * 4] * 2,
            ("end", None, None, None),
        ],
    )
