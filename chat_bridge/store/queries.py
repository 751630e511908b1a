"""Loads the named statements of `db/queries`; nobody else turns text into SQL."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import aiosql

from chat_bridge.store import beside


class Connected(Protocol):
    @property
    def connection(self) -> sqlite3.Connection: ...

    def judge(self, error: sqlite3.DatabaseError) -> None: ...


class Queries:
    """Each statement as a method, run on the calling thread's connection:
    `queries.find_session(session_id=...)`.

    aiosql hands many rows back as a lazy generator, which would run after the commit it belongs
    to; here they are lists.
    """

    def __init__(self, folder: Path, database: Connected) -> None:
        try:
            names = beside.names_in(database.connection)
        except sqlite3.DatabaseError as error:
            database.judge(error)
            raise
        for name, query in _loaded(folder, tuple(sorted(names.items()))).items():
            setattr(self, name, _bound(query, database))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(f"db/queries has no statement named {name!r}")


@cache
def _loaded(folder: Path, names: tuple[tuple[str, str], ...]) -> Mapping[str, Any]:
    """Once a process: taking the files apart costs 40 ms, and each count of limits has its own."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))]
    whole = beside.renamed("\n".join(texts), dict(names))
    found = aiosql.from_str(whole, "sqlite3", mandatory_parameters=False)
    kept = [name for name in found.available_queries if not name.endswith("_cursor")]
    return {name: getattr(found, name) for name in kept}


def _bound(query: Any, database: Connected) -> Callable[..., Any]:
    lazy = query.operation.name == "SELECT"

    def run(**parameters: Any) -> Any:
        try:
            answer = query(database.connection, **parameters)
            return list(answer) if lazy else answer
        except sqlite3.DatabaseError as error:
            database.judge(error)
            raise

    return run
