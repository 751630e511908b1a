"""The recorded reading cases of the reference back-end, cell by cell; blank is null here."""

import json
from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import BadCsv
from chat_bridge.workflow.tables.dialect import Dialect
from chat_bridge.workflow.tables.reading_csv import open_csv
from tests.workflow.tables.books import LIMITS, book, read, rows_of, text_file, typed_cell

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "operations.json").read_text(encoding="utf-8")
)["vectors"]
READING = [case for case in VECTORS if case["id"].startswith("read.") and not case.get("suspect")]


@pytest.mark.parametrize("case", READING, ids=lambda case: case["id"])
def test_recorded_case(case: dict[str, Any], tmp_path: Path) -> None:
    given, expected = case["input"], case["expected"]
    if "error" in expected:
        with pytest.raises(BadCsv):
            read(text_file(tmp_path / "upload.csv", given["bytes_latin1"].encode("latin-1")))
        return
    if case["id"] == "read.csv.semicolon":
        # Recorded without detection of the delimiter, which is ours on purpose.
        source = text_file(tmp_path / "upload.csv", given["bytes_latin1"].encode("latin-1"))
        table = open_csv(source, LIMITS, tmp_path, dialect=Dialect(",", "utf-8"))
        columns, rows = table.columns, rows_of(table)
    else:
        columns, rows = read(_upload(given, tmp_path))
    assert list(columns) == expected["columns"]
    assert [[cell or "" for cell in row] for row in rows] == expected["rows"]
    assert not any(cell == "" for row in rows for cell in row)


def _upload(given: dict[str, Any], folder: Path) -> Any:
    if "bytes_latin1" in given:
        return text_file(folder / "upload.csv", given["bytes_latin1"].encode("latin-1"))
    typed = [[typed_cell(cell) for cell in row] for row in given["rows"]]
    return book(folder / "upload.xlsx", [given["header"], *typed], sheet=given["sheet"])


def test_cases_are_there() -> None:
    assert len(READING) >= 6
