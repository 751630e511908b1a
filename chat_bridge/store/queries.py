"""Loads the named statements of `db/queries`; nobody else turns text into SQL."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosql

from chat_bridge.store.connection import Database


class Queries:
    """Each statement as a method, run on the calling thread's connection:
    `queries.find_session(session_id=...)`.

    aiosql hands many rows back as a lazy generator, which would run after the commit it belongs
    to; here they are lists.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        loaded = aiosql.from_path(str(folder), "sqlite3", mandatory_parameters=False)
        for name in loaded.available_queries:
            if not name.endswith("_cursor"):
                setattr(self, name, _bound(getattr(loaded, name), database))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(f"db/queries has no statement named {name!r}")


def _bound(query: Any, database: Database) -> Callable[..., Any]:
    lazy = query.operation.name == "SELECT"

    def run(**parameters: Any) -> Any:
        answer = query(database.connection, **parameters)
        return list(answer) if lazy else answer

    return run
