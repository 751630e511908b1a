"""The recorded cases of the reference back-end, and running them."""

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from chat_bridge.model import Plan, Run, RunResult, Source
from chat_bridge.workflow.plan import check_step
from chat_bridge.workflow.run import execute
from tests.workflow.operations.running import Reports

VECTORS = Path(__file__).parents[2] / "vectors" / "operations.json"
CASES: Mapping[str, Mapping[str, Any]] = {
    case["id"]: case for case in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
}


def workbook(path: Path, given: Mapping[str, Any]) -> Source:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = given["sheet"]
    sheet.append(given["header"])
    for row in given["rows"]:
        sheet.append([cell(value) for value in row])
    book.save(path)
    return Source(path, path.name)


def cell(value: Any) -> Any:
    if isinstance(value, dict):
        (kind, text), *_ = value.items()
        return {"$datetime": dt.datetime, "$date": dt.date, "$time": dt.time}[kind].fromisoformat(
            text
        )
    return None if value == "" else value


def source(folder: Path, given: Mapping[str, Any]) -> Source:
    if "bytes_latin1" in given:
        path = folder / "given.csv"
        path.write_bytes(given["bytes_latin1"].encode("latin-1"))
        return Source(path, path.name)
    return workbook(folder / "given.xlsx", given)


def executed(folder: Path, name: str, *arguments: Mapping[str, Any]) -> RunResult:
    case = CASES[name]
    step = check_step(case["operation"], *(arguments or (case["arguments"],)))
    return execute(Run(Plan((step,)), source(folder, case["input"]), folder), Reports())


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def data_rows(result: RunResult) -> list[list[str]]:
    """The written cells as text, blank as empty, without the header."""
    (output,) = result.outputs
    if output.path.suffix == ".csv":
        with output.path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[1:]
    first = next(iter(sheets(output.path).values()))
    return [["" if value is None else str(value) for value in row] for row in first[1:]]


def told(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Expected cells in the words of the text contract."""
    return [["" if v is None else text(v) for v in row] for row in rows]


def text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
