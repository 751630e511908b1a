"""Takes a database over that another control program has made and goes on using: columns, tables
and triggers are added, no row and no column of theirs is changed.

All of it is one transaction. A file this program cannot serve is refused untouched.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from chat_bridge.errors import ForeignDatabase
from chat_bridge.store import beside, catalogue
from chat_bridge.store.catalogue import Catalogue, Table, quoted

CHAT = ("web_chat_sessions", "web_chat_messages", "web_chat_responses")
NEEDED = {
    "users": {"id", "username", "password_hash"},
    "agents": {"id", "name"},
    "system_config": {"config_key", "config_value"},
    "web_chat_sessions": {"id", "session_id"},
    "web_chat_messages": {"id", "session_id", "message"},
    "web_chat_responses": {"id", "session_id"},
}
UNIQUE = {
    "agents": ("slug",),
    "system_config": ("config_key",),
    "web_chat_sessions": ("session_id", "chat_id"),
}
# Where a column that is added finds its value in the rows that are there: the first that exists.
SOURCES = {
    ("web_chat_sessions", "last_activity"): ("last_active", "updated_at", "created_at"),
    ("web_chat_sessions", "updated_at"): ("last_activity", "created_at"),
    ("web_chat_sessions", "created_at"): ("updated_at", "last_activity"),
    ("web_chat_messages", "timestamp"): ("created_at",),
    ("web_chat_responses", "timestamp"): ("created_at",),
    ("web_chat_responses", "response"): ("response_data",),
    ("web_chat_responses", "response_data"): ("response",),
}
OF_THE_OTHER_SIDE = {  # needs the column of another table; done before the fill
    ("web_chat_sessions", "uid"): "COALESCE((SELECT uid FROM web_chat_messages m WHERE"
    " m.session_id = web_chat_sessions.session_id AND uid IS NOT NULL ORDER BY id DESC LIMIT 1),"
    " lower(hex(randomblob(8))))",
    ("web_chat_messages", "uid"): "(SELECT uid FROM web_chat_sessions s WHERE"
    " s.session_id = web_chat_messages.session_id)",
}
PHP = (
    "it has the layout of the PHP bridge; `chat-bridge import FILE` copies its conversations into "
    "a database of this program"
)


def examine(database: Path) -> Catalogue:
    """Looks without touching: not even the journal mode changes."""
    if not database.exists() or not database.stat().st_size:
        return Catalogue({}, ())
    uri = f"{database.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        found = catalogue.read(connection)
    if found.foreign:
        _refuse_unknown(found, database)
    return found


def statements(
    found: Catalogue, target: sqlite3.Connection, scripts: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """What makes `found` hold all that `target`, a new database, holds."""
    wanted = catalogue.read(target)
    names = {
        name: beside.PREFIX + name
        for name, table in found.tables.items()
        if name in wanted.tables and not fits(table)
    }
    for name, table in wanted.tables.items():
        if name in found.tables and name not in names:
            added = _additions(found.tables[name], table)
            yield from (beside.renamed(sql, names) for sql in added)
        else:
            yield beside.renamed(table.sql, names)
    yield from _values(found, wanted, names)
    for _, sql in wanted.others:
        if "TRIGGER" not in sql[:20].upper():
            yield beside.renamed(sql, names)
    yield from (beside.renamed(sql, names) for sql in scripts["fill"])
    for _, sql in wanted.others:
        if "TRIGGER" in sql[:20].upper():
            yield beside.renamed(sql, names)
    for name, table in wanted.tables.items():
        theirs = None if name in names else found.tables.get(name)
        yield from _first_rows(target, table, names.get(name, name), theirs)
    if "agents" in names:
        yield from _agents_beside(found.tables["agents"], names["agents"])
    yield "SAVEPOINT rehearsal"
    yield from (beside.renamed(sql, names) for sql in scripts["rehearsal"])
    yield "ROLLBACK TO rehearsal"
    yield "RELEASE rehearsal"


def fits(table: Table) -> bool:
    """Whether both programs can use this table; else ours lies beside it."""
    name = table.name.lower()
    return (
        name in NEEDED
        and NEEDED[name] <= table.columns.keys()
        and (table.numbered or "id" not in NEEDED[name])
    )


def _refuse_unknown(found: Catalogue, database: Path) -> None:
    for name in CHAT:
        table = found.tables.get(name)
        if table is None or fits(table):
            continue
        php = "id" in table.columns and ("session_id" not in table.columns or name != CHAT[0])
        missing = ", ".join(sorted(NEEDED[name] - table.columns.keys())) or "a numbered id"
        reason = PHP if php and name == CHAT[0] else f"its table {table.name} lacks {missing}"
        raise ForeignDatabase(path=str(database), reason=reason)
    replies = found.tables.get(CHAT[2])
    if replies and not {"response", "response_data"} & replies.columns.keys():
        reason = f"its table {replies.name} has no column for a reply's text"
        raise ForeignDatabase(path=str(database), reason=reason)


def _additions(theirs: Table, ours: Table) -> Iterator[str]:
    for name, column in ours.columns.items():
        if name not in theirs.columns:
            yield f"ALTER TABLE {quoted(theirs.name)} ADD COLUMN {column.addition}"
    for single in UNIQUE.get(theirs.name.lower(), ()):
        known = theirs.columns.get(single)
        if (single,) not in theirs.unique and not (known and known.key):
            yield f"CREATE UNIQUE INDEX {theirs.name}_by_{single} ON {theirs.name}({single})"


def _values(found: Catalogue, wanted: Catalogue, names: Mapping[str, str]) -> Iterator[str]:
    added = [
        (name, column)
        for name, table in wanted.tables.items()
        if name in found.tables and name not in names
        for column in table.columns
        if column not in found.tables[name].columns
    ]
    for name, column in added:
        there = [c for c in SOURCES.get((name, column), ()) if c in found.tables[name].columns]
        if there:
            yield f"UPDATE {name} SET {column} = COALESCE({', '.join([*there, 'NULL'])})"
    if ("web_chat_sessions", "uid") in added and _has(found, "web_chat_messages", "uid"):
        yield _from_the_other_side("web_chat_sessions", "uid")
    elif ("web_chat_sessions", "uid") in added:
        yield "UPDATE web_chat_sessions SET uid = lower(hex(randomblob(8)))"
    if ("web_chat_messages", "uid") in added and "web_chat_sessions" in found.tables:
        yield _from_the_other_side("web_chat_messages", "uid")


def _has(found: Catalogue, table: str, column: str) -> bool:
    return table in found.tables and column in found.tables[table].columns


def _from_the_other_side(table: str, column: str) -> str:
    return f"UPDATE {table} SET {column} = {OF_THE_OTHER_SIDE[(table, column)]}"


def _first_rows(
    target: sqlite3.Connection, table: Table, name: str, theirs: Table | None
) -> Iterator[str]:
    """The rows a new database begins with; in a table of theirs, hidden from their lists."""
    if table.name == catalogue.OWN_MARK:
        return
    ours = [column for column in table.columns if column != "id"]
    for row in target.execute(f"SELECT {', '.join(ours)} FROM {table.name}").fetchall():
        given = {c: _literal(v) for c, v in zip(ours, row, strict=True)}
        for column in theirs.columns.values() if theirs else ():
            lower = column.name.lower()
            if lower not in table.columns and lower == "is_active":
                given[lower] = "0"
            elif lower not in table.columns and column.required and column.default is None:
                given[lower] = f"'chat-bridge-{row[0]}'"
        yield f"INSERT INTO {name} ({', '.join(given)}) VALUES ({', '.join(given.values())})"


def _agents_beside(theirs: Table, name: str) -> Iterator[str]:
    """Agents whose ids are texts, by those ids."""
    if not {"id", "name"} <= theirs.columns.keys():
        return
    copied = [
        c for c in ("description", "visible_to_users", "visible_to_roles") if c in theirs.columns
    ]
    status = "'active'"
    if "is_active" in theirs.columns:
        status = "CASE WHEN COALESCE(is_active, 1) THEN 'active' ELSE 'inactive' END"
    values = [f"COALESCE({c}, '')" for c in copied]
    yield (
        f"INSERT OR IGNORE INTO {name} ({', '.join(['slug', 'name', 'status', *copied])})"
        f" SELECT {', '.join(['id', 'name', status, *values])} FROM {quoted(theirs.name)}"
        " WHERE typeof(id) = 'text' AND name IS NOT NULL"
    )


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return (
        str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"
    )
