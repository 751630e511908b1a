"""A small site on the push layer: one SQLite file with an events table, the real gunicorn.

`python -m tests.push.small_site <folder> <port> [sockets per address]` serves it.
"""

import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, jsonify, request

from chat_bridge.errors import (
    BridgeError,
    CursorExpired,
    InvalidKey,
    SessionNotFound,
    SessionTokenRequired,
)
from chat_bridge.model import Event
from chat_bridge.ports import EventRow, Wait
from chat_bridge.push import arrivals, relay, websocket
from chat_bridge.push.credentials import Credentials, Subscriber
from chat_bridge.push.feed import EVERYTHING
from chat_bridge.push.live import Live
from chat_bridge.push.origins import Origins
from chat_bridge.push.slots import Slots
from chat_bridge.push.sockets import Cookies, sockets
from chat_bridge.store.wakeup import UnixWakeup, runtime_dir_for
from chat_bridge.wsgi import Listening, serve

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, kind TEXT, audience TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT, holder TEXT);
"""
MOMENT = "2026-11-21T10:00:00.000Z"
KEY = "sk_osman"
COOKIE = "cb_visitor"
LOGIN_COOKIE = "cb_login"
SECRETS = {"noras": "nora-secret", "ivos": "ivo-secret"}  # every other session is open
PRUNED_TO = 5


class Events:
    """A feed on one file; each thread has its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    @property
    def database(self) -> sqlite3.Connection:
        if not hasattr(self._local, "database"):
            self._local.database = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        found: sqlite3.Connection = self._local.database
        return found

    def add(self, session_id: str, kind: str, text: str, audience: str = "visitor") -> int:
        row = self.database.execute(
            "INSERT INTO events (session_id, kind, audience, text) VALUES (?, ?, ?, ?)",
            (session_id, kind, audience, text),
        )
        return int(row.lastrowid or 0)

    def newest(self) -> int:
        found = self.database.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
        return int(found[0])

    def cursor(self, text: str | None) -> int:
        return self.newest() if text is None else int(text)

    def begin(self, text: str | None, session_id: str | None) -> int:
        cursor = self.cursor(text)
        if 0 < cursor < PRUNED_TO and self.newest() > 1000:
            raise CursorExpired(oldest=PRUNED_TO)
        return cursor

    def heads(
        self, cursor: int, limit: int, session_id: str | None = None, *, operator: bool = False
    ) -> Sequence[EventRow]:
        found = self.database.execute(
            "SELECT seq, session_id, kind, audience FROM events WHERE seq > ?"
            " AND (?2 IS NULL OR session_id = ?2) ORDER BY seq LIMIT ?3",
            (cursor, session_id, limit),
        )
        return [EventRow(*row, MOMENT) for row in found]

    def load(self, rows: Sequence[EventRow]) -> Sequence[Event]:
        return [
            Event(row.seq, row.session_id, row.kind, row.audience, {"text": body}, MOMENT)
            for row in rows
            if (body := self._text(row.seq)) != "erased"
        ]

    def _text(self, seq: int) -> str:
        found = self.database.execute("SELECT text FROM events WHERE seq = ?", (seq,)).fetchone()
        return str(found[0])


def encode(event: Event) -> bytes:
    return orjson.dumps(
        {
            "seq": event.seq or None,
            "session_id": event.session_id,
            "kind": event.kind,
            "data": dict(event.data),
            "created_at": event.created_at,
        }
    )


def authorise(session_id: str | None, credentials: Credentials) -> Subscriber:
    if credentials.key is not None:
        if credentials.key != KEY:
            raise InvalidKey
        return Subscriber(session_id or EVERYTHING, session_id, True, credentials)
    if session_id is None:
        raise SessionTokenRequired
    needed = SECRETS.get(session_id)
    if needed is not None and credentials.visitor.secret != needed:
        raise SessionNotFound if credentials.visitor.secret else SessionTokenRequired
    return Subscriber(session_id, session_id, False, credentials)


class Unheeded:
    def here(self, session_id: str) -> None:
        """Nothing expires here."""

    def fetched(self, responses: Iterable[int]) -> None:
        """Nobody asks."""


class Site:
    """Routes as methods; `make` registers them."""

    def __init__(self, folder: Path, per_address: int) -> None:
        self.events = Events(folder / "events.db")
        self.wakeup = UnixWakeup(runtime_dir_for(folder))
        slots = Slots(total=6_000, per_address=per_address)
        self.live = Live(self.events, encode, wakeup=self.wakeup, slots=slots, readers=Unheeded())

    def post_message(
        self, body: dict[str, Any], credentials: Credentials
    ) -> tuple[int, dict[str, Any]]:
        authorise(body["session_id"], credentials)
        seq = self.events.add(body["session_id"], "message.created", body["message"])
        self.wakeup.notify()
        return 200, {"data": {"message_id": seq}}

    def add_events(self) -> Response:
        given = request.get_json()
        seq = 0
        for number in range(given.get("times", 1)):
            text = given["text"].replace("#", str(number))
            audience = given.get("audience", "visitor")
            seq = self.events.add(given["session_id"], "response.created", text, audience)
        self.wakeup.notify()
        return jsonify(seq=seq)

    def add_message(self) -> Response:
        text = request.get_json()["text"]
        self.events.database.execute("INSERT INTO inbox (text) VALUES (?)", (text,))
        self.events.add("anyone", "message.created", "")
        self.wakeup.notify()
        return jsonify(ok=True)

    def wait_for_events(self) -> Any:
        session_id, cursor = request.args["session_id"], int(request.args["cursor"])

        def attempt() -> bytes | None:
            only = None if session_id == EVERYTHING else session_id
            found = self.events.load(self.events.heads(cursor, 100, only))
            return b"[%s]" % b",".join(encode(event) for event in found) if found else None

        found = attempt()
        if found is not None:
            return Response(found, content_type="application/json")
        if (during := request.args.get("commit_before_parking")) is not None:
            self.events.add(session_id, "response.created", during)
        seconds = float(request.args["seconds"])
        headers = {"X-By": "site"}
        wait = Wait(session_id, seconds, attempt, lambda: b"[]", lambda body: None, headers)
        return self.live.waiting.hold(request.environ, wait)

    def inbox(self) -> Any:
        holder = request.args["holder"]

        def attempt() -> bytes | None:
            row = self.events.database.execute(
                "UPDATE inbox SET holder = ? WHERE id = (SELECT min(id) FROM inbox WHERE holder"
                " IS NULL) RETURNING id, text",
                (holder,),
            ).fetchone()
            return orjson.dumps({"id": row[0], "text": row[1]}) if row else None

        def unsent(body: bytes) -> None:
            taken = orjson.loads(body)["id"]
            self.events.database.execute("UPDATE inbox SET holder = NULL WHERE id = ?", (taken,))

        wait = Wait("inbox:*", float(request.args["seconds"]), attempt, lambda: b"{}", unsent, {})
        return self.live.waiting.hold(request.environ, wait)

    def stream(self) -> Any:
        cursor = int(request.args["cursor"])
        return self.live.waiting.stream(
            request.environ, request.args["session_id"], cursor=cursor, visitor=False
        )


def hello() -> str:
    return "hello"


def stamp(answer: Response) -> Response:
    answer.headers["X-Stamp"] = "after-request"
    return answer


def fail(fault: BridgeError) -> tuple[Response, int]:
    return jsonify(error_code=fault.code), fault.status


def make(folder: Path, per_address: int) -> tuple[Flask, Live]:
    site, app = Site(folder, per_address), Flask(__name__)
    app.post("/events")(site.add_events)
    app.post("/messages")(site.add_message)
    app.get("/wait")(site.wait_for_events)
    app.get("/inbox")(site.inbox)
    app.get("/stream")(site.stream)
    app.get("/hello")(hello)
    app.after_request(stamp)
    app.register_error_handler(BridgeError, fail)
    origins = Origins(public_url="https://chat.example.org", cors=("http://shop.example",))
    cookies = Cookies(COOKIE, LOGIN_COOKIE)
    sockets(app, site.live.gate(authorise, site.post_message, origins, cookies=cookies))
    return app, site.live


if __name__ == "__main__":
    data, port, allowed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    workers = int(sys.argv[4])
    arrivals.WITHIN_SECONDS = float(os.environ.get("SLOW_CLIENTS_HAVE", "15"))
    websocket.PING_EVERY = float(os.environ.get("PINGS_EVERY", "25"))
    websocket.SILENT_FOR = 2 * websocket.PING_EVERY
    relay.LOOK_EVERY = float(os.environ.get("LOOKS_EVERY", "1"))
    logging.basicConfig(level=logging.INFO, format="%(name)s %(message)s")
    with sqlite3.connect(data / "events.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
    serve(lambda: make(data, allowed), Listening(port=port, workers=workers))
