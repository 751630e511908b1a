"""The schema: one from the migrations, one to read, and nothing in between after a crash."""

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chat_bridge.config import ROOT
from chat_bridge.errors import DatabaseBusy, DatabaseUnreadable, OutOfSpace, SchemaTooNew
from chat_bridge.store import connection as connections
from chat_bridge.store.migrate import known, migrate, statements
from tests import founding
from tests.builders import MIGRATIONS
from tests.patience import await_true

FIRST = next(iter(sorted(MIGRATIONS.glob("*.sql"))))
VERSIONS = ("table", "bridge_migrations")
MIGRATING = """
import sys
from pathlib import Path
from chat_bridge.store.migrate import migrate
print(migrate(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def schema(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Every object's SQL, without comments and differences of layout."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name): normalised(sql) for kind, name, sql in found}


def columns(connection: sqlite3.Connection) -> dict[str, set[str]]:
    names = [name for kind, name in schema(connection) if kind == "table"]
    return {
        name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
        for name in names if name != "sqlite_sequence"
    }  # fmt: skip


def normalised(sql: str) -> str:
    sql = re.sub(r"--[^\n]*", "", sql).replace("IF NOT EXISTS ", "")
    return re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", sql)).strip()


def rows(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    tables = [name for kind, name in schema(connection) if kind == "table"]
    skipped = {"bridge_migrations", "sqlite_sequence"}
    moments = {"created_at", "updated_at"}
    return {
        table: [
            {name: value for name, value in dict(row).items() if name not in moments}
            for row in connection.execute(f"SELECT * FROM {table}")
        ]
        for table in tables
        if table not in skipped
    }


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return connection


def newest() -> int:
    return known(MIGRATIONS)[-1][0]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bridge.db"


def test_migrations_are_numbered_without_gap_or_repeat() -> None:
    """Two branches may take the same number, and of two files of a number one never runs."""
    numbers = [number for number, _ in known(MIGRATIONS)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_migrations_and_the_readable_schema_make_the_same_database(database: Path) -> None:
    assert migrate(database, MIGRATIONS) == newest()
    readable = sqlite3.connect(":memory:")
    readable.row_factory = sqlite3.Row
    readable.executescript((ROOT / "db" / "init_database.sql").read_text())
    with opened(database) as migrated:
        assert schema(migrated) == schema(readable)
        assert rows(migrated) == rows(readable)
        assert rows(migrated)["agents"]


def test_the_tables_of_the_founding_plan_keep_its_columns(database: Path) -> None:
    migrate(database, MIGRATIONS)
    planned = sqlite3.connect(":memory:")
    planned.executescript(founding.SEED)
    with opened(database) as migrated:
        ours, theirs = columns(migrated), columns(planned)
    for name in ("web_chat_sessions", "web_chat_messages", "web_chat_responses", "rate_limits"):
        assert theirs[name] <= ours[name]


def test_migrating_again_changes_nothing(database: Path) -> None:
    migrate(database, MIGRATIONS)
    with opened(database) as connection:
        before = [tuple(row) for row in connection.execute("SELECT * FROM bridge_migrations")]
    assert migrate(database, MIGRATIONS) == newest()
    with opened(database) as connection:
        assert [tuple(r) for r in connection.execute("SELECT * FROM bridge_migrations")] == before


class Breaking(sqlite3.Connection):
    """Fails at the n-th statement from now on."""

    left = -1

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:  # type: ignore[override]  # narrower on purpose
        if Breaking.left == 0:
            Breaking.left = -1
            raise KeyboardInterrupt
        Breaking.left -= 1
        return super().execute(sql, *more)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> type[Breaking]:
    real = sqlite3.connect
    monkeypatch.setattr(
        connections.sqlite3, "connect", lambda *a, **k: real(*a, factory=Breaking, **k)
    )
    Breaking.left = -1
    return Breaking


def whole(tmp_path: Path) -> list[set[tuple[str, str]]]:
    """What a database holds after none, one, … of the migrations."""
    found: list[set[tuple[str, str]]] = [set()]
    for version, script in known(MIGRATIONS):
        some = tmp_path / f"until-{version}"
        shutil.copytree(tmp_path / f"until-{version - 1}", some) if version > 1 else some.mkdir()
        shutil.copy(script, some)
        migrate(tmp_path / f"{version}.db", some)
        with opened(tmp_path / f"{version}.db") as connection:
            found.append(set(schema(connection)))
    return found


def test_interrupted_at_every_statement_it_resumes_cleanly(
    tmp_path: Path, breaking: type[Breaking]
) -> None:
    """Pragmas, version table, look-up, BEGIN, each statement, the version row and COMMIT of each
    migration, over what the ones before it have made."""
    states = [state | {VERSIONS} for state in whole(tmp_path)]
    for version, script in known(MIGRATIONS):
        some, before = tmp_path / f"until-{version}", tmp_path / f"{version - 1}.db"
        count = len(list(statements(script.read_text(encoding="utf-8"))))
        for number in range(len(connections.PRAGMAS) + 2 + 3 + count):
            database = tmp_path / f"interrupted-{version}-{number}.db"
            if version > 1:
                shutil.copyfile(before, database)
            breaking.left = number
            with pytest.raises(KeyboardInterrupt):
                migrate(database, some)
            breaking.left = -1
            with opened(database) as connection:
                assert set(schema(connection)) | {VERSIONS} == states[version - 1]
            assert migrate(database, some) == version
            with opened(database) as connection:
                assert set(schema(connection)) == states[version]
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                assert connection.execute("SELECT COUNT(*) FROM agents").fetchone()[0] == 2


def test_a_killed_migration_leaves_nothing_half_done(database: Path, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    shutil.copytree(MIGRATIONS, slow)
    script = slow / FIRST.name
    wait = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000000) "
    script.write_text(script.read_text() + wait + "SELECT MAX(i) FROM n;\n")
    process = subprocess.Popen([sys.executable, "-c", MIGRATING, str(database), str(slow)])
    await_true(database.with_name("bridge.db-wal").exists)
    time.sleep(0.3)  # into the statement that takes long
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert migrate(database, MIGRATIONS) == newest()


def test_two_processes_at_once_migrate_once(database: Path) -> None:
    command = [sys.executable, "-c", MIGRATING, str(database), str(MIGRATIONS)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in both] == [str(newest()).encode()] * 2
    with opened(database) as connection:
        assert connection.execute("SELECT COUNT(*) FROM agents").fetchone()[0] == 2


def test_a_newer_schema_is_refused_in_a_sentence(database: Path) -> None:
    migrate(database, MIGRATIONS)
    with opened(database) as connection:
        connection.execute("INSERT INTO bridge_migrations VALUES (99, 'later', '2027-01-01')")
    with pytest.raises(SchemaTooNew) as caught:
        migrate(database, MIGRATIONS)
    assert caught.value.details == {"path": str(database), "found": 99, "known": newest()}
    assert "newer Chat Bridge (schema 99" in str(caught.value)
    assert "Start the newer version" in str(caught.value)


def test_a_file_that_is_no_database_is_named_and_left_alone(database: Path) -> None:
    database.parent.mkdir()
    database.write_bytes(b"Ada's shopping list\n" * 100)
    with pytest.raises(DatabaseUnreadable, match=re.escape(str(database))):
        migrate(database, MIGRATIONS)
    assert database.read_bytes() == b"Ada's shopping list\n" * 100


def test_a_full_disk_says_so(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PRAGMAS", (*connections.PRAGMAS, "PRAGMA max_page_count=10"))
    with pytest.raises(OutOfSpace):
        migrate(database, MIGRATIONS)
    monkeypatch.undo()
    assert migrate(database, MIGRATIONS) == newest()


def test_somebody_else_writing_for_long_is_said(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.parent.mkdir()
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    impatient = [p for p in connections.PRAGMAS if "busy_timeout" not in p]
    monkeypatch.setattr(connections, "PRAGMAS", (*impatient, "PRAGMA busy_timeout=50"))
    with pytest.raises(DatabaseBusy):
        migrate(database, MIGRATIONS)
    other.execute("ROLLBACK")
    other.close()
    assert migrate(database, MIGRATIONS) == newest()


def test_a_semicolon_inside_a_text_does_not_end_a_statement() -> None:
    script = "INSERT INTO notes VALUES ('first;\nsecond');\nSELECT 1;\n"
    cut = list(statements(script))
    assert cut == ["INSERT INTO notes VALUES ('first;\nsecond');\n", "SELECT 1;\n"]


def test_no_migration_ends_in_a_statement_without_a_semicolon() -> None:
    for script in sorted(MIGRATIONS.glob("*.sql")):
        text = script.read_text()
        rest = text[len("".join(statements(text))) :]
        assert not rest.strip()
