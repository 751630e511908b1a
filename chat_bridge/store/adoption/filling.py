"""What the rows of another program hold in the columns that are added to them."""

from collections.abc import Collection, Iterator

from chat_bridge.store.catalogue import Catalogue

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


def values(found: Catalogue, wanted: Catalogue, apart: Collection[str]) -> Iterator[str]:
    """For every table that is shared; those that lie `apart` are ours alone."""
    added = [
        (name, column)
        for name, table in wanted.tables.items()
        if name in found.tables and name not in apart
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
