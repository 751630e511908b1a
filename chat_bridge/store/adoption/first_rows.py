"""The rows a new database begins with, for one that another program has begun."""

import sqlite3
from collections.abc import Iterator

from chat_bridge.store import catalogue
from chat_bridge.store.catalogue import Table, quoted


def first_rows(
    target: sqlite3.Connection, table: Table, name: str, theirs: Table | None
) -> Iterator[str]:
    """Of one table, called `name` there; in a table of theirs, hidden from their lists."""
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


def agents_beside(theirs: Table, name: str) -> Iterator[str]:
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
