"""Builds and upgrades the schema: each migration and its version row in one commit.

A process that dies at any statement leaves the version before it; the next start goes on there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from chat_bridge.errors import DatabaseUnreadable, ForeignDatabase, SchemaTooNew
from chat_bridge.store import adoption, beside
from chat_bridge.store.catalogue import Catalogue
from chat_bridge.store.connection import connect, lock_of
from chat_bridge.store.suspicion import DAMAGED, GONE, Suspicion

VERSIONS = """CREATE TABLE IF NOT EXISTS bridge_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
)"""
SHAPE = frozenset({sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH})


def migrate(database: Path, migrations: Path) -> int:
    """Brings the database to the newest known version, which it returns."""
    database.parent.mkdir(parents=True, exist_ok=True)
    suspicion = Suspicion(database)
    suspicion.settle(lock_of(database))
    with lock_of(database).held(), _readable(database, suspicion):
        found = adoption.examine(database)
        with closing(connect(database, create=True)) as connection:
            if found.foreign:
                _adopt(connection, database, found=found, migrations=migrations)
            return _upgrade(connection, database, known(migrations))


@contextmanager
def _readable(database: Path, suspicion: Suspicion) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind in DAMAGED:
            raise DatabaseUnreadable(path=str(database), reason=str(error)) from error
        if kind not in GONE:
            suspicion.judge(error)
        raise


def known(migrations: Path) -> list[tuple[int, Path]]:
    return sorted((int(path.name[:4]), path) for path in migrations.glob("[0-9]*.sql"))


def statements(text: str) -> Iterator[str]:
    """Cuts a script at the semicolons that end a statement (not those inside a literal)."""
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _upgrade(
    connection: sqlite3.Connection, database: Path, scripts: list[tuple[int, Path]]
) -> int:
    connection.execute(VERSIONS)
    current = connection.execute("SELECT COALESCE(MAX(version), 0) FROM bridge_migrations")
    found = int(current.fetchone()[0])
    newest = scripts[-1][0] if scripts else 0
    if found > newest:
        raise SchemaTooNew(path=str(database), found=found, known=newest)
    for version, script in scripts:
        if version > found:
            _apply(connection, version, script)
    return newest


def _apply(connection: sqlite3.Connection, version: int, script: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        names = beside.names_in(connection)
        for statement in statements(script.read_text(encoding="utf-8")):
            connection.execute(beside.renamed(statement, names))
        _note(connection, version, script)
        connection.execute("COMMIT")
    except BaseException:
        _take_back(connection)
        raise


def _note(connection: sqlite3.Connection, version: int, script: Path) -> None:
    connection.execute(
        "INSERT INTO bridge_migrations (version, name, applied_at) VALUES (?, ?, ?)",
        (version, script.stem, datetime.now(UTC).isoformat(timespec="milliseconds")),
    )


def _adopt(
    connection: sqlite3.Connection, database: Path, *, found: Catalogue, migrations: Path
) -> None:
    """Another program's database becomes one of the newest version, in one commit."""
    scripts = known(migrations)
    connection.execute("BEGIN IMMEDIATE")
    try:
        with closing(_new(scripts)) as target:
            for statement in adoption.statements(found, target, _texts(migrations)):
                connection.execute(statement)
        connection.execute(VERSIONS)
        for version, script in scripts:
            _note(connection, version, script)
        connection.execute("COMMIT")
    except (sqlite3.IntegrityError, sqlite3.OperationalError) as error:
        _take_back(connection)
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in SHAPE:
            raise
        reason = f"this program cannot work with it ({error})"
        raise ForeignDatabase(path=str(database), reason=reason) from error
    except BaseException:
        _take_back(connection)
        raise


def _take_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # a full disk has rolled back already
        connection.execute("ROLLBACK")


def _new(scripts: list[tuple[int, Path]]) -> sqlite3.Connection:
    """What a database of the newest version holds."""
    target = sqlite3.connect(":memory:", isolation_level=None)
    for _, script in scripts:
        target.executescript(script.read_text(encoding="utf-8"))
    return target


def _texts(migrations: Path) -> dict[str, list[str]]:
    folder = migrations.parent.parent / "adoption"
    return {
        path.stem: list(statements(path.read_text(encoding="utf-8")))
        for path in folder.glob("*.sql")
    }
