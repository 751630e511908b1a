"""GET ?action=events: the numbered events of a session (or, for a key, of all), as JSON, as a
long poll, or as server-sent events."""

from flask import Response

from chat_bridge.api import guards, parse
from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import JSON, success, success_bytes
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import EVENT
from chat_bridge.api.shapes.kinds import CURSOR, SESSION_ID, many, number, record
from chat_bridge.domain import items
from chat_bridge.domain.items import Item
from chat_bridge.errors import InvalidField, MissingSessionId
from chat_bridge.model import Event
from chat_bridge.ports import Wait

LONGEST_WAIT = 50.0
EVERYTHING = "*"
STREAM = "text/event-stream"


@shape(
    "numbered events from a cursor on, as JSON or, where it is accepted, as a stream",
    query={
        "session_id": SESSION_ID,
        "cursor": CURSOR,
        "wait": number(0.0, 50.0, 0),
        "limit": number(1, 500, 200),
    },
    data=record(events=many(EVENT), cursor=CURSOR),
    files=("text/event-stream",),
)
def get(call: Call) -> Response:
    session_id = _allowed(call)
    feed = call.bridge.feed
    standing = call.standing(ACTION.scope, session_id)
    if STREAM in call.request.headers.get("Accept", ""):
        cursor = feed.begin(_cursor_text(call), session_id)
        return call.stream(session_id or EVERYTHING, cursor, standing)
    cursor = feed.cursor(_cursor_text(call))
    limit = parse.whole(call.query, "limit", 200, low=1, high=500)
    wait = parse.seconds(call.query, "wait", 0.0, LONGEST_WAIT)
    fetched = call.fetched

    def read() -> list[Event]:
        events = feed.after(cursor, limit, session_id)
        fetched(event.answer_id for event in events if event.answer_id)
        return events

    if (found := read()) or wait == 0:
        return success(_data(found, cursor))

    def attempt() -> bytes | None:
        events = read()
        return success_bytes(_data(events, cursor)) if events else None

    def nothing() -> bytes:
        return success_bytes(_data([], cursor))

    headers = {"Content-Type": JSON}
    topic = session_id or EVERYTHING
    return call.hold(Wait(topic, wait, attempt, nothing, lambda body: None, headers), standing)


def _allowed(call: Call) -> str | None:
    """The session to read, or None for all of them, which takes a key for every agent."""
    session_id = call.query.get("session_id")
    if session_id:
        session = guards.session(call.bridge, call.request, session_id, "events")
        call.watched(session)
        return session.session_id
    if guards.bearer(call.request) is None:
        raise MissingSessionId
    key = call.key("events")
    if key.agent_id is not None:
        raise InvalidField(field="session_id", reason="a key bound to an agent names a session")
    return None


def _cursor_text(call: Call) -> str | None:
    return call.request.headers.get("Last-Event-ID") or call.query.get("cursor")


def _data(events: list[Event], cursor: int) -> Item:
    last = events[-1].seq if events else cursor
    return {"events": [items.event_item(event) for event in events], "cursor": str(last)}


ACTION = Action("events", {"GET": get}, "visitor", "numbered events from a cursor on", "events")
