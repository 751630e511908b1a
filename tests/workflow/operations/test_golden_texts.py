"""The recorded cases of the operations that write SQL and JSON."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chat_bridge.errors import CommandError
from chat_bridge.workflow.fusing import fuse
from chat_bridge.workflow.plan import check_step
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tables.writing_text import write_text
from tests.workflow.operations.golden import CASES, executed
from tests.workflow.operations.running import text_of

# Each has a test of its own below; the sentence there says what was wrong with it.
REPAIRED = {
    "json.generate.null_exclude", "json.template.agg_empty_nested", "json.template.types",
    "json.template.unmapped", "sql.custom.braces_without_placeholder",
    "sql.custom.double_substitution", "sql.custom.int_injection", "sql.custom.int_unparsable",
    "sql.custom.plain", "sql.custom.repeated", "sql.generate.mysql", "sql.generate.sqlite",
}  # fmt: skip


def test_every_case_of_these_families_is_accounted_for() -> None:
    families = ("sql.", "json.")
    suspect = {n for n, case in CASES.items() if n.startswith(families) and case.get("suspect")}
    assert suspect == REPAIRED


def script(name: str, folder: Path, **changed: Any) -> list[str]:
    """The statements without the heads, transactions and the time."""
    text = text_of(executed(folder, name, {**CASES[name]["arguments"], **changed}))
    return re.sub(r"^(?:-- .*)?\n", "", text, flags=re.MULTILINE).splitlines()


def records(name: str, folder: Path, **changed: Any) -> Any:
    return json.loads(text_of(executed(folder, name, {**CASES[name]["arguments"], **changed})))


# -- SQL


@pytest.mark.parametrize(
    "name", [n for n in CASES if n.startswith(("sql.auto", "sql.builder_template"))]
)
def test_numbered_columns(name: str, tmp_path: Path) -> None:
    given = CASES[name]["arguments"].get("table_name", "t")
    assert script(name, tmp_path, table_name=given) == CASES[name]["expected"]


CUSTOM = [n for n in CASES if n.startswith("sql.custom.")]


@pytest.mark.parametrize("name", [n for n in CUSTOM if n not in REPAIRED])
def test_lines_by_a_template(name: str, tmp_path: Path) -> None:
    expected = CASES[name]["expected"]
    if "error" in expected:
        with pytest.raises(CommandError, match="There is no column 'Nope'"):
            script(name, tmp_path)
        return
    assert script(name, tmp_path) == expected


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        # A blank cell was an empty text where the manual says NULL.
        (
            "sql.custom.plain",
            ["VALUES ('O''Brien','30')", "VALUES (NULL,NULL)", "VALUES ('x','abc')"],
        ),
        ("sql.custom.int_injection", ["UPDATE t SET a='1; DROP TABLE t'"]),  # ran as SQL
        ("sql.custom.int_unparsable", ["'abc'"]),  # without quotes
        ("sql.custom.repeated", ["'v' 'v' 'v'"]),  # without quotes
        ("sql.custom.double_substitution", ["'{a}' '1'"]),  # a cell was read as a template
        ("sql.custom.braces_without_placeholder", ["{} {n} }{"]),  # braces had no escape
    ],
)
def test_repaired_lines(name: str, lines: list[str], tmp_path: Path) -> None:
    assert script(name, tmp_path) == lines


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        # Numbers were texts, blanks empty texts, and MySQL's backslash was not escaped.
        (
            "sql.generate.mysql",
            [
                "START TRANSACTION;",
                "INSERT INTO t (name, age, note) VALUES ('O\\'Brien', 30, 'say \\\"hi\\\"');",
                "INSERT INTO t (name, age, note) VALUES (NULL, NULL, 'back\\\\slash');",
                "COMMIT;",
            ],
        ),
        (
            "sql.generate.sqlite",
            [
                "BEGIN TRANSACTION;",
                "INSERT INTO t (name, age, note) VALUES ('O''Brien', 30, 'say \"hi\"');",
                "INSERT INTO t (name, age, note) VALUES (NULL, NULL, 'back\\slash');",
                "COMMIT;",
            ],
        ),
    ],
)
def test_repaired_inserts(name: str, lines: list[str], tmp_path: Path) -> None:
    assert script(name, tmp_path) == lines


def test_an_unknown_database(tmp_path: Path) -> None:
    """sql.generate.bad_db: mssql was unknown; SQL Server is one of ours, and others are not."""
    assert script("sql.generate.bad_db", tmp_path)[1] == "INSERT INTO t (a) VALUES (1);"
    with pytest.raises(CommandError, match="'oracle' is not one of its values"):
        script("sql.generate.bad_db", tmp_path, database_type="oracle")


def test_an_empty_table_has_heads_and_a_transaction(tmp_path: Path) -> None:
    """sql.generate.empty_file, sql.export_file: the file's own head goes first."""
    expected = CASES["sql.generate.empty_file"]["expected"]
    result = executed(tmp_path, "sql.generate.empty_file")
    lines = text_of(result).splitlines()
    assert lines[0].startswith("-- Generated by")
    assert lines[2:4] == ["-- Total statements: 8", ""]
    shown = ["-- Generated at: <iso>" if "Generated at" in line else line for line in lines[4:]]
    assert shown == expected["statements"]
    assert result.data["total_statements"] == expected["total_statements"]
    assert result.data["table_name"] == expected["table_name"]


def machine(frame: Mapping[str, list[Any]]) -> pl.LazyFrame:
    """Columns of machine types, as a step before may have made them."""
    moment = dt.datetime.fromisoformat
    return pl.LazyFrame(
        {
            name: [moment(v["$datetime"]) if isinstance(v, dict) else v for v in cells]
            for name, cells in frame.items()
        },
        strict=False,
    )


def composed(name: str, folder: Path) -> str:
    case = CASES[name]
    frame = machine(case["input"]["typed_dataframe"])
    operation = (name.startswith("json") and "json/generate") or "sql/generate"
    step = check_step(operation, case["arguments"])
    fused = fuse(Table(frame, tuple(frame.collect_schema()), "xlsx"), [step])
    assert fused.text is not None
    write_text(fused.text, folder / "text", on_rows=lambda _: None)
    return (folder / "text").read_bytes().decode()


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith("sql.generate.typed")])
def test_machine_types_in_sql(name: str, tmp_path: Path) -> None:
    expected = [s for s in CASES[name]["expected"]["statements"] if s.startswith("INSERT")]
    assert composed(name, tmp_path).splitlines()[-len(expected) :] == expected


# -- JSON


@pytest.mark.parametrize("name", [n for n in CASES if n.startswith("json.generate.typed")])
def test_machine_types_in_json(name: str, tmp_path: Path) -> None:
    assert composed(name, tmp_path) == CASES[name]["expected"]["text"]


@pytest.mark.parametrize("name", ["json.generate.compact", "json.generate.single_object"])
def test_records(name: str, tmp_path: Path) -> None:
    result = executed(tmp_path, name)
    assert text_of(result) == CASES[name]["expected"]["text"]
    assert result.data["total_records"] == CASES[name]["expected"]["total_records"]
    assert result.data["file_size"] == result.outputs[0].path.stat().st_size


def test_blanks_are_left_out(tmp_path: Path) -> None:
    """json.generate.null_exclude: blanks were texts, so it did nothing."""
    name = "json.generate.null_exclude"
    assert records(name, tmp_path) == [{"n": "a"}, {"n": "b", "a": "1"}]
    assert records(name, tmp_path, null_handling="default")[0] == {"n": "a", "a": ""}
    assert records(name, tmp_path, null_handling="include")[0] == {"n": "a", "a": None}


TEMPLATES = [n for n in CASES if n.startswith("json.template.") and n not in REPAIRED]


@pytest.mark.parametrize("pretty", [True, False])
@pytest.mark.parametrize("name", TEMPLATES)
def test_objects_by_a_template(name: str, pretty: bool, tmp_path: Path) -> None:
    """json.template.mixed_text: a blank was False in a text; it is nothing now."""
    expected = json.loads(json.dumps(CASES[name]["expected"]["json"]))
    if name == "json.template.mixed_text":
        assert expected[1]["m"] == " is  (False)"
        expected[1]["m"] = " is  ()"
    text = text_of(executed(tmp_path, name, {**CASES[name]["arguments"], "pretty_print": pretty}))
    assert json.loads(text) == expected
    assert text == json.dumps(expected, ensure_ascii=False, indent=2 if pretty else None)


def test_repaired_objects(tmp_path: Path) -> None:
    """json.template.agg_empty_nested lost its shape; json.template.unmapped was null beside a
    column of the name; json.template.types made false of a blank."""
    assert records("json.template.agg_empty_nested", tmp_path) == {"items": [], "count": 0}
    assert records("json.template.unmapped", tmp_path) == [{"x": "Ánn"}]
    expected = json.loads(json.dumps(CASES["json.template.types"]["expected"]["json"]))
    expected[1]["b"] = None
    assert records("json.template.types", tmp_path) == expected
