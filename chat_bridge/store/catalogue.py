"""What a database file holds: its tables, their columns, indexes and triggers."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

OWN_MARK = "bridge_migrations"


@dataclass(frozen=True)
class Column:
    """As `PRAGMA table_info` tells it, with what its foreign key refers to."""

    name: str
    kind: str
    required: bool
    default: str | None
    key: bool
    refers: str = ""

    @property
    def constant(self) -> bool:
        """Whether a row of another program gets the default without a trigger."""
        return self.default is not None and not self.default.upper().startswith("CURRENT_")

    @property
    def addition(self) -> str:
        """How ALTER TABLE adds it; what it cannot add is left out and filled by triggers."""
        parts = [self.name, self.kind]
        if self.constant:
            parts += ["NOT NULL" if self.required else "", f"DEFAULT {self.default}"]
        return " ".join(part for part in [*parts, self.refers] if part)


@dataclass(frozen=True)
class Table:
    name: str
    sql: str
    columns: Mapping[str, Column]
    unique: frozenset[tuple[str, ...]]

    @property
    def numbered(self) -> bool:
        """Whether `id` is the row's number, as every table shared with us has it."""
        found = self.columns.get("id")
        return found is not None and found.key and "INT" in found.kind.upper()


@dataclass(frozen=True)
class Catalogue:
    tables: Mapping[str, Table]
    others: tuple[tuple[str, str], ...]

    @property
    def ours(self) -> bool:
        return OWN_MARK in self.tables

    @property
    def foreign(self) -> bool:
        """Whether another program has made this file."""
        return bool(self.tables) and not self.ours


def read(connection: sqlite3.Connection) -> Catalogue:
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY rowid"
    ).fetchall()
    tables = {
        name.lower(): _table(connection, name, sql) for kind, name, sql in found if kind == "table"
    }
    others = tuple((name.lower(), sql) for kind, name, sql in found if kind in ("index", "trigger"))
    return Catalogue(tables, others)


def _table(connection: sqlite3.Connection, name: str, sql: str) -> Table:
    refers = {
        row[3]: f"REFERENCES {row[2]}({row[4]}) ON DELETE {row[6]}"
        for row in connection.execute(f"PRAGMA foreign_key_list({quoted(name)})")
    }
    columns = {
        row[1].lower(): Column(
            row[1], row[2], bool(row[3]), row[4], bool(row[5]), refers.get(row[1], "")
        )
        for row in connection.execute(f"PRAGMA table_info({quoted(name)})")
    }
    unique = frozenset(
        tuple(
            str(part[2]).lower()
            for part in connection.execute(f"PRAGMA index_info({quoted(row[1])})")
        )
        for row in connection.execute(f"PRAGMA index_list({quoted(name)})")
        if row[2] and not row[4]
    )
    return Table(name, sql, columns, unique)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
