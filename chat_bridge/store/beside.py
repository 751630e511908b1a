"""Tables of ours that lie beside a table of the same name that another program made: theirs is
left alone, ours is called `chat_bridge_<name>`."""

import re
import sqlite3
from collections.abc import Mapping

PREFIX = "chat_bridge_"


def names_in(connection: sqlite3.Connection) -> dict[str, str]:
    """What is called differently in this database."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = {row[0] for row in found}
    return {
        name.removeprefix(PREFIX): name
        for name in tables
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) in tables
    }


def renamed(statement: str, names: Mapping[str, str]) -> str:
    """A statement with the names of this database; columns of the same name stay."""
    for name, other in names.items():
        statement = re.sub(
            rf"\b((?:FROM|INTO|UPDATE|JOIN|REFERENCES|TABLE|ON)\s+){name}\b",
            rf"\g<1>{other}", statement, flags=re.IGNORECASE,
        )  # fmt: skip
        statement = re.sub(rf"\b{name}\.(?=\w)", f"{other}.", statement)
        statement = statement.replace(f"'{name}'", f"'{other}'")
    return statement
