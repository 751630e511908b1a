"""POST ?action=outbox: an agent answers; never refused for a session that ever existed."""

from typing import Any, get_args

import orjson
from flask import Response

from chat_bridge.api import guards, parse
from chat_bridge.api.actions import streams
from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import (
    FREE,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    many,
    maybe,
    number,
    one_of,
    record,
)
from chat_bridge.domain import items
from chat_bridge.errors import InvalidField, InvalidJson, InvalidSession, SessionNotFound
from chat_bridge.model import Event, Key, NewResponse, ResponseKind

KINDS = get_args(ResponseKind)
LONGEST_TYPING = 10.0
LONGEST_SESSION_ID = 200
LARGEST = 2**63


@shape(
    "an agent answers",
    body=record(
        {
            "message_id": {"type": ["number", "string", "null"]},
            "kind": one_of(*KINDS),
            "attachments": maybe(many(TEXT)),
            "idempotency_key": maybe({"type": ["string", "integer"], "maxLength": 200}),
            "metadata": maybe(FREE),
            "timestamp": {},
            "response": {"type": ["string", "number"]},
            **streams.FIELDS,
        },
        session_id=TEXT,
    ),
    data={"anyOf": [record(response_id=WHOLE, session_id=TEXT, timestamp=MOMENT), *streams.TOLD]},
)
def post(call: Call) -> Response:
    key = call.key("outbox")
    body = parse.json_body(call.request, call.bridge.door.max_outbox_bytes)
    new = _whole(call, body, parse.text(body, "session_id"))
    _check_session(call, key, new.session_id)
    if body.get("stream"):
        return streams.take(call, key, new, body)
    response = call.bridge.outbox.post(new, key)
    data = {
        "response_id": response.id,
        "session_id": response.session_id,
        "timestamp": response.timestamp,
    }
    return success(data, message="Response sent successfully")


def _check_session(call: Call, key: Key, name: str) -> None:
    """Whatever exists may be answered; the form of an id matters only where there is none."""
    try:
        if len(name) > LONGEST_SESSION_ID:
            raise SessionNotFound
        guards.for_key(call.bridge, key, name)
    except SessionNotFound as error:
        guards.session_id(name)
        raise InvalidSession from error


def _whole(call: Call, body: dict[str, Any], session_id: str) -> NewResponse:
    kind: ResponseKind = body.get("kind") or "text"
    if kind not in KINDS:
        raise InvalidField(field="kind", reason=f"expected one of {', '.join(KINDS)}")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise InvalidField(field="metadata", reason="expected an object")
    return NewResponse(
        session_id=session_id,
        text=streams.text(body) if body.get("stream") else parse.text(body, "response"),
        message_id=_message_id(body.get("message_id")),
        kind=kind,
        attachments=parse.texts(body, "attachments"),
        idempotency_key=parse.optional_text(body, "idempotency_key") or call.idempotency_key,
        metadata=metadata,
    )


def _message_id(value: object) -> int | str | None:
    """Opaque on input: decimal texts count as numbers, anything unknown is kept as given."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float):  # as some languages write every number
        return int(value) if value.is_integer() and abs(value) < LARGEST else str(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str) and len(value) <= 200:
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else value
    raise InvalidField(field="message_id", reason="expected a number or a text")


@shape(
    "an agent is writing, for at most 10 s",
    body=record({"seconds": number(0.0, LONGEST_TYPING, LONGEST_TYPING)}, session_id=TEXT),
    data=record(session_id=TEXT, seconds=NUMBER, agent=TEXT),
)
def typing(call: Call) -> Response:
    """Told to whoever watches the session right now, and never stored."""
    key = call.key("outbox")
    session = guards.for_key(call.bridge, key, parse.text(call.body, "session_id"))
    seconds = parse.seconds(call.body, "seconds", LONGEST_TYPING, LONGEST_TYPING)
    agent = call.bridge.agents.by_id(key.agent_id or session.agent_id).slug
    data = {"seconds": seconds, "agent": agent}
    event = Event(0, session.session_id, "typing", "visitor", data, call.bridge.clock.now())
    try:
        payload = orjson.dumps(items.event_item(event))
    except TypeError as error:
        raise InvalidJson from error
    call.bridge.wakeup.notify(payload)
    return success({"session_id": session.session_id, **data})


ACTIONS = (
    Action("outbox", {"POST": post}, "outbox", "an agent answers"),
    Action("stop", {"POST": streams.stop}, "visitor", "ends an answer under way", "outbox"),
    Action("typing", {"POST": typing}, "outbox", "an agent is writing, for at most 10 s"),
)
