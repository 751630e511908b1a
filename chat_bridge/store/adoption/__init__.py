"""Takes a database over that another control program has made and goes on using: columns, tables
and triggers are added, no row and no column of theirs is changed.

All of it is one transaction. A file this program cannot serve is refused untouched.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from chat_bridge.store import beside, catalogue
from chat_bridge.store.adoption.filling import values
from chat_bridge.store.adoption.first_rows import agents_beside, first_rows
from chat_bridge.store.adoption.shapes import examine, fits
from chat_bridge.store.catalogue import Catalogue, Table, quoted

__all__ = ["examine", "statements"]

UNIQUE = {
    "agents": ("slug",),
    "system_config": ("config_key",),
    "web_chat_sessions": ("session_id", "chat_id"),
}


def statements(
    found: Catalogue, target: sqlite3.Connection, scripts: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """What makes `found` hold all that `target`, a new database, holds. Triggers come when the rows
    that are there are filled, and last of all it is tried out."""
    wanted = catalogue.read(target)
    apart = [n for n, table in found.tables.items() if n in wanted.tables and not fits(table)]
    names = {name: beside.PREFIX + name for name in apart}
    named = partial(beside.renamed, names=names)
    yield from map(named, _tables(found, wanted, apart))
    yield from values(found, wanted, apart)
    yield from map(named, _others(wanted, triggers=False))
    yield from map(named, scripts["fill"])
    yield from map(named, _others(wanted, triggers=True))
    for name, table in wanted.tables.items():
        theirs = None if name in apart else found.tables.get(name)
        yield from first_rows(target, table, names.get(name, name), theirs)
    if "agents" in apart:
        yield from agents_beside(found.tables["agents"], names["agents"])
    yield "SAVEPOINT rehearsal"
    yield from map(named, scripts["rehearsal"])
    yield "ROLLBACK TO rehearsal"
    yield "RELEASE rehearsal"


def _tables(found: Catalogue, wanted: Catalogue, apart: Sequence[str]) -> Iterator[str]:
    for name, table in wanted.tables.items():
        if name in found.tables and name not in apart:
            yield from _additions(found.tables[name], table)
        else:
            yield table.sql


def _others(wanted: Catalogue, *, triggers: bool) -> Iterator[str]:
    """Triggers, or indexes."""
    for _, statement in wanted.others:
        if statement.upper().startswith("CREATE TRIGGER") == triggers:
            yield statement


def _additions(theirs: Table, ours: Table) -> Iterator[str]:
    for name, column in ours.columns.items():
        if name not in theirs.columns:
            yield f"ALTER TABLE {quoted(theirs.name)} ADD COLUMN {column.addition}"
    for single in UNIQUE.get(theirs.name.lower(), ()):
        known = theirs.columns.get(single)
        if (single,) not in theirs.unique and not (known and known.key):
            yield f"CREATE UNIQUE INDEX {theirs.name}_by_{single} ON {theirs.name}({single})"
