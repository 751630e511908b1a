"""Which databases of other programs can be taken over, and which of their tables are shared."""

import sqlite3
from contextlib import closing
from pathlib import Path

from chat_bridge.errors import ForeignDatabase
from chat_bridge.store import catalogue
from chat_bridge.store.catalogue import Catalogue, Table

CHAT = ("web_chat_sessions", "web_chat_messages", "web_chat_responses")
NEEDED = {
    "users": {"id", "username", "password_hash"},
    "agents": {"id", "name"},
    "system_config": {"config_key", "config_value"},
    "web_chat_sessions": {"id", "session_id"},
    "web_chat_messages": {"id", "session_id", "message"},
    "web_chat_responses": {"id", "session_id"},
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
