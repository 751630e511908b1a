"""Who has read an answer, and who is there: a visitor by any way, never an agent or operator."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import count
from urllib.request import Request, urlopen

import websocket

from tests.patience import await_true
from tests.servers import RunningBridge
from tests.wire.caller import Caller

NUMBERS = count(1)
SECONDS = 12.0
IDLE = "2025-01-01T00:00:00.000Z"
Read = Callable[[RunningBridge, Caller, str], None]


def cell(bridge: RunningBridge, sql: str, session: str) -> str:
    with closing(sqlite3.connect(bridge.data_dir / "bridge.db", timeout=10)) as rows, rows:
        found = rows.execute(sql, (session,)).fetchone()
    return str(found[0]) if found else ""


def state(bridge: RunningBridge, session: str) -> str:
    return cell(bridge, "SELECT status FROM web_chat_responses WHERE session_id = ?", session)


def delivered(bridge: RunningBridge, session: str) -> bool:
    return state(bridge, session) == "delivered"


def activity(bridge: RunningBridge, session: str) -> str:
    return cell(bridge, "SELECT last_activity FROM web_chat_sessions WHERE session_id = ?", session)


def answered(ada: Caller, charles: Caller) -> str:
    name = f"session_read{next(NUMBERS)}"
    ada.say(name, "Good morning")
    charles.reply(name, "Hello")
    return name


def by_page(path: str) -> Read:
    def read(bridge: RunningBridge, ada: Caller, session: str) -> None:
        assert b"Hello" in ada.call("GET", path.format(s=session)).body

    return read


def by_socket(bridge: RunningBridge, ada: Caller, session: str) -> None:
    address = f"ws://127.0.0.1:{bridge.port}/ws?session_id={session}&cursor=0"
    with closing(websocket.create_connection(address, timeout=SECONDS)) as peer:
        while "Hello" not in str(peer.recv()):
            pass


def by_stream(bridge: RunningBridge, ada: Caller, session: str) -> None:
    address = f"{bridge.url}/api/v1/?action=events&session_id={session}&cursor=0"
    asked = Request(address, headers={"Accept": "text/event-stream", **ada.headers})
    with urlopen(asked, timeout=SECONDS) as lines:
        assert any(b"Hello" in line for line in lines)


WAYS = {
    "responses": by_page("/api/v1/?action=responses&session_id={s}"),
    "responses from a cursor": by_page("/api/v1/responses?session_id={s}&cursor=0"),
    "an old page": by_page("/chat/api/get_responses?session_id={s}"),
    "events": by_page("/api/v1/?action=events&session_id={s}&cursor=0"),
    "the transcript": by_page("/api/v1/sessions/{s}/messages"),
    "a stream": by_stream,
    "a socket": by_socket,
}


def test_an_answer_is_delivered_when_its_visitor_reads_it_and_by_nobody_else(
    bridge: RunningBridge, ada: Caller, charles: Caller, admin: Caller
) -> None:
    read = {name: answered(ada, charles) for name in WAYS}
    kept = answered(ada, charles)
    for who in (charles, admin):
        for way in WAYS.values():
            if way is not by_socket:
                way(bridge, who, kept)
    admin.get("session_messages", session_id=kept)
    assert {state(bridge, session) for session in (*read.values(), kept)} == {"pending"}
    for name, way in WAYS.items():
        way(bridge, ada, read[name])
    for session in read.values():
        await_true(partial(delivered, bridge, session))
    assert state(bridge, kept) == "pending"


def test_an_open_socket_counts_as_activity(
    bridge: RunningBridge, ada: Caller, charles: Caller
) -> None:
    session = answered(ada, charles)
    with closing(sqlite3.connect(bridge.data_dir / "bridge.db", timeout=10)) as rows, rows:
        rows.execute(
            "UPDATE web_chat_sessions SET last_activity = ? WHERE session_id = ?", (IDLE, session)
        )
    by_socket(bridge, ada, session)
    await_true(lambda: activity(bridge, session) > IDLE)
