"""GET ?action=sessions and session_messages: an administrator looks at the conversations."""

from flask import Response

from chat_bridge.api import guards, parse
from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import OVERVIEW, PAGES
from chat_bridge.api.shapes.kinds import (
    MOMENT,
    SESSION_ID,
    TEXT,
    WHOLE,
    many,
    maybe,
    number,
    record,
)
from chat_bridge.domain import items, times
from chat_bridge.domain.items import Item
from chat_bridge.errors import MissingSessionId, SessionNotFound
from chat_bridge.model import Message
from chat_bridge.model import Response as Reply

MOST = 1_000
ID_REQUIRED = "Session ID required"
RETRIEVED = "Session messages retrieved"


@shape(
    "the sessions, latest first",
    query={
        "limit": number(1, 100, 50),
        "offset": number(0, 2**31, 0),
        "active": {**TEXT, "default": "true", "description": "anything else means all of them"},
    },
    data=record(sessions=many(OVERVIEW), pagination=PAGES),
)
def get(call: Call) -> Response:
    call.admin()
    bridge = call.bridge
    limit = parse.whole(call.query, "limit", 50, low=1, high=100)
    offset = parse.whole(call.query, "offset", 0, low=0, high=2**31)
    since = ""
    if call.query.get("active", "true").lower() == "true":
        seconds = bridge.settings.live.now().session_timeout
        since = bridge.clock.text(bridge.clock.now_ms() - seconds * 1000)
    with bridge.store.snapshot():
        total = bridge.store.sessions.count(since)
        found = bridge.store.sessions.overviews(since, limit, offset)
    pagination = {
        "total": total,
        "limit": limit,
        "offset": offset,
        "has_more": offset + len(found) < total,
    }
    shown = [items.overview_item(overview) for overview in found]
    return success({"sessions": shown, "pagination": pagination}, total=total)


@shape(
    "both sides of one session",
    query={"session_id": SESSION_ID},
    data=record(
        session=OVERVIEW,
        messages=many(
            record(
                id=WHOLE, session_id=TEXT, message=TEXT, timestamp=MOMENT, uid=maybe(TEXT),
                state=TEXT,
            )
        ),
        responses=many(
            record(
                id=WHOLE,
                session_id=TEXT,
                response=TEXT,
                message_id={"type": ["integer", "string", "null"]},
                kind=TEXT,
                timestamp=MOMENT,
            )
        ),
    ),
)  # fmt: skip
def messages(call: Call) -> Response:
    """The newest `MOST` of each side, oldest first."""
    call.admin()
    name = call.query.get("session_id")
    if not name:  # the words of whichever founding server had it at this address
        raise MissingSessionId if call.any_session_id else MissingSessionId(ID_REQUIRED)
    store = call.bridge.store
    overview = store.sessions.overview(name)
    if overview is None:
        if not call.any_session_id:
            guards.session_id(name)
        raise SessionNotFound
    said = store.messages.page(name, None, MOST)
    replies = store.responses.page(name, None, MOST)
    data = {
        "session": items.overview_item(overview),
        "messages": [_message(message) for message in reversed(said)],
        "responses": [_reply(reply) for reply in reversed(replies)],
    }
    return success(data, message="Success" if call.any_session_id else RETRIEVED)


def _message(message: Message) -> Item:
    return {
        "id": message.id,
        "session_id": message.session_id,
        "message": message.text,
        "timestamp": times.canonical(message.timestamp),
        "uid": message.uid,
        "state": items.STATES.get(message.state, message.state),
    }


def _reply(reply: Reply) -> Item:
    return {
        "id": reply.id,
        "session_id": reply.session_id,
        "response": reply.text,
        "message_id": reply.message_id,
        "kind": reply.kind,
        "timestamp": times.canonical(reply.timestamp),
    }


ACTIONS = (
    Action("sessions", {"GET": get}, "admin", "the sessions, latest first"),
    Action("session_messages", {"GET": messages}, "admin", "both sides of one session"),
)
