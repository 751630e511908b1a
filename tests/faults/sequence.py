"""What an hour at the bridge writes, step by step, each of which may be tried again."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from chat_bridge.domain.keys import AGENT_SCOPES
from chat_bridge.model import Key, NewMessage, NewResponse, Visitor
from tests.builders import ADA, GRACE, House

Step = Callable[[House], object]
SECRET = "the-key-of-the-agent"
PICTURE = {
    "web_chat_sessions": "session_id, last_stamp, status",
    "web_chat_messages": "id, session_id, message, stamped_at, state, attempts, processed",
    "web_chat_responses": "id, session_id, response, message_id, stamped_at",
    "events": "seq, session_id, kind, message_id, response_id",
    "jobs": "id, session_id, command, status",
    "system_config": "config_key, config_value",
    "audit_log": "id, action, subject",
}


def begin(house: House) -> None:
    house.keys.configure("agent", SECRET, AGENT_SCOPES)
    house.keys.authenticate(SECRET)


def steps(rounds: int) -> list[Step]:
    return [step for number in range(rounds) for step in _round(number)]


def _round(number: int) -> list[Step]:
    first = number * 3 + 1
    return [
        lambda house: _say(house, f"m{first}", "session_ada", ADA),
        lambda house: _say(house, f"m{first + 1}", "session_grace", GRACE),
        lambda house: _say(house, f"m{first + 2} /help", "session_ada", ADA, command=True),
        lambda house: house.poll(_key(house)),
        lambda house: _acknowledge(house, first),
        lambda house: house.outbox.post(
            NewResponse("session_grace", f"r{number}", first + 1, idempotency_key=f"r{number}"),
            _key(house),
        ),
        lambda house: _config(house, number),
    ]


def _acknowledge(house: House, message_id: int) -> None:
    """As an agent does that never heard the answer: once more."""
    house.inbox.acknowledge(_key(house), [message_id])


def _key(house: House) -> Key:
    return next(key for key in house.store.keys.all() if key.name == "agent")


def _say(house: House, text: str, session: str, who: Visitor, *, command: bool = False) -> object:
    text = "/help " + text if command else text
    agent = None if command else "default"
    new = NewMessage(session, text, client_msg_id=text, agent=agent)
    return house.messages.accept(new, who)


def _config(house: House, number: int) -> None:
    """A setting and its entry in the audit log, in one transaction."""
    with house.store.write():
        house.settings.put({"greeting": str(number)})
        house.audit.write("Ada", "config", subject=f"greeting {number}")


def picture(database: Path) -> tuple[Any, ...]:
    """What is stored, as a new process finds it."""
    with closing(sqlite3.connect(database)) as connection:
        return tuple(
            tuple(connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall())
            for table, columns in PICTURE.items()
        )


def sound(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        return not broken and connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def copied(database: Path, folder: Path) -> Path:
    """The files as they lie on the disk at this moment."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal"):
        there = database.with_name(database.name + suffix)
        if there.exists():
            shutil.copyfile(there, folder / there.name)
    return folder / database.name


def checkpointed(house: House) -> None:
    with house.store.database.lock():
        house.store.database.writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
