"""What a generated script puts into a database is what was in the cells."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot

from chat_bridge.errors import BadArgument
from tests.workflow.operations.running import text_of, written

HOSTILE = [
    "O'Brien", "''", "'", "\\", "back\\slash\\", "\\'", "say \"hi\"", "{city}", "{name:int}",
    "{{x}}", "'); DROP TABLE people; --", "1; DROP TABLE people", "a\nb", "a\r\nb", "tab\there",
    "\\\nb", "-- no comment", "/* nor this */", "ünïcödé 🦊 数据", "%_[]^", "$1 :name ?1 @p",
    "NULL", "007", "12345678901234567890", "1e3", "-0", " padded ", "\x1a", "GO", "N'x'", "E'\\n'",
    "\u2028", "x" * 5000, "=1+1", "#REF!", "TRUE",
]  # fmt: skip
DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite", "sqlserver": "tsql"}


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


def test_hostile_cells_come_back_from_sqlite(database: sqlite3.Connection, tmp_path: Path) -> None:
    files = {"people.csv": {"name": HOSTILE, "select": HOSTILE[::-1], 'we"ird ]`': HOSTILE}}
    result = written(tmp_path, "/to-sql database=sqlite table='my people'", files)
    database.execute('CREATE TABLE "my people" (name, "select", "we""ird ]`")')
    database.executescript(text_of(result))
    rows = database.execute('SELECT name, "select", "we""ird ]`" FROM "my people"').fetchall()
    assert rows == list(zip(HOSTILE, HOSTILE[::-1], HOSTILE, strict=True))


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_is_read_back_by_a_parser(name: str, tmp_path: Path) -> None:
    cells = [cell for cell in HOSTILE if name != "sqlserver" or "\\\n" not in cell]
    files = {"people.csv": {"name": cells, "order": cells}}
    result = written(tmp_path, f"/to-sql database={name} include_transaction=no", files)
    found = []
    for statement in sqlglot.parse(text_of(result), read=DIALECTS[name]):
        assert isinstance(statement, sqlglot.exp.Insert)
        (row,) = statement.expression.expressions
        found.append([cell.this for cell in row.expressions])
    assert found == [[cell, cell] for cell in cells]


def test_a_backslash_at_a_line_end_is_kept_from_sql_server(tmp_path: Path) -> None:
    """It would join the lines; so the text is put together from two."""
    files = {"people.csv": {"name": ["one\\\ntwo", "x"]}}
    assert "(N'one\\' + N'\ntwo')" in text_of(written(tmp_path, "/to-sql db=mssql", files))


def test_values_keep_their_type(database: sqlite3.Connection, tmp_path: Path) -> None:
    files = {
        "2024 sales.csv": {
            "amount": ["10", "9.5", None],
            "id": ["007", "8", "9"],
            "paid": ["True", "false", None],
            "at": ["2024-01-15 10:30:00", None, "2024-01-16 00:00:00"],
            "huge": ["12345678901234567890", "1", "2"],
            "mixed": ["1", "two", "3"],
        }
    }
    script = text_of(written(tmp_path, "/to-sql database=sqlite", files))
    database.execute("CREATE TABLE t_2024_sales (amount, id, paid, at, huge, mixed)")
    database.executescript(script)
    assert database.execute("SELECT * FROM t_2024_sales").fetchall() == [
        (10, "007", 1, "2024-01-15 10:30:00", "12345678901234567890", "1"),
        (9.5, "8", 0, None, "1", "two"),
        (None, "9", None, "2024-01-16 00:00:00", "2", "3"),
    ]
    script = text_of(written(tmp_path, "/to-sql", files))
    assert "(10, '007', TRUE, '2024-01-15 10:30:00'::timestamp, " in script
    assert "(9.5, '8', FALSE, NULL, " in script
    script = text_of(written(tmp_path, "/to-sql types=text", files))
    assert "('10', '007', 'True', '2024-01-15 10:30:00', " in script


@pytest.mark.parametrize("command", ["/to-sql", "/sql-template template='({name})'"])
def test_a_nul_is_refused_and_its_column_named(command: str, tmp_path: Path) -> None:
    from chat_bridge.workflow.fusing import fuse
    from tests.workflow.operations.running import steps, table

    with pytest.raises(BadArgument, match="A cell in 'name' holds a NUL"):
        fuse(table({"name": ["a", "b\x00c"]}), steps(command))


def test_a_template_is_as_safe(database: sqlite3.Connection, tmp_path: Path) -> None:
    line = "INSERT INTO t VALUES ({name}, '<{name}>', {name:int}, {name|none});"
    files = {"people.csv": {"name": HOSTILE}}
    script = text_of(written(tmp_path, f'/sql-template template="{line}"', files))
    database.execute("CREATE TABLE t (plain, inside, number, fallback)")
    database.executescript(script)
    rows = database.execute("SELECT plain, inside, fallback FROM t").fetchall()
    assert rows == [(cell, f"<{cell}>", cell) for cell in HOSTILE]
    numbers = dict(database.execute("SELECT plain, number FROM t").fetchall())
    assert numbers["1; DROP TABLE people"] == "1; DROP TABLE people", "a text, never run"
    assert numbers["007"] == 7
    assert numbers["1e3"] == 1000


@pytest.mark.parametrize("kind", ["uuid", "manual_sequence", "serial", "none"])
def test_numbered_rows_in_sqlite(kind: str, database: sqlite3.Connection, tmp_path: Path) -> None:
    database.execute("CREATE TABLE people (id PRIMARY KEY DEFAULT NULL, name)")
    command = f"/to-sql name db=sqlite auto_increment={kind}"
    database.executescript(text_of(written(tmp_path, command)))
    ids = [row[0] for row in database.execute("SELECT id FROM people")]
    if kind == "uuid":
        assert len(set(ids)) == 4
        assert all(len(word) == 36 and word.count("-") == 4 for word in ids)
    else:
        assert ids == ([1, 2, 3, 4] if kind == "manual_sequence" else [None] * 4)
