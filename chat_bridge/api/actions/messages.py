"""POST ?action=messages: a visitor writes."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from chat_bridge.api import guards, parse
from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import FLAG, MOMENT, SESSION_ID, TEXT, WHOLE, many, maybe, record
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.messages import Accepted
from chat_bridge.errors import InvalidJson, InvalidMessage
from chat_bridge.model import NewMessage, Visitor

ID = maybe({"type": ["string", "integer"], "maxLength": 200})


@shape(
    "writes a message; one that begins with / is a command",
    body=record(
        {
            "client_msg_id": ID,
            "idempotency_key": ID,
            "agent_id": maybe({"type": ["string", "integer"]}),
            "attachments": maybe(many(TEXT)),
            "timestamp": {},
        },
        session_id=SESSION_ID,
        message={"type": ["string", "number"]},
    ),
    data=record(
        {"job_id": TEXT, "session_token": TEXT},
        message_id=WHOLE,
        session_id=TEXT,
        timestamp=MOMENT,
        uid={"type": "string", "pattern": "^[0-9a-f]{16}$"},
        is_new_user=FLAG,
        chat_id=maybe(TEXT),
        agent=TEXT,
    ),
)
def post(call: Call) -> Response:
    body = call.body
    if not body:
        raise InvalidJson
    if call.idempotency_key and not body.get("client_msg_id"):
        body = {**body, "client_msg_id": call.idempotency_key}
    return success(accept(call.bridge, body, call.visitor), message="Message received")


def accept(
    bridge: Bridge,
    body: Mapping[str, Any],
    visitor: Visitor,
    checked: Callable[[str], str] = guards.session_id,
) -> dict[str, Any]:
    """The same for HTTP and for a socket's `message` frame."""
    new = read(bridge, body, checked)
    return shown(bridge.messages.accept(new, visitor), visitor)


def read(bridge: Bridge, body: Mapping[str, Any], checked: Callable[[str], str]) -> NewMessage:
    session_id = parse.text(body, "session_id")
    text = parse.text(body, "message").strip()
    checked(session_id)
    limit = bridge.settings.live.now().max_message_chars
    if not 1 <= len(text) <= limit:
        raise InvalidMessage(limit=limit)
    client_id = parse.optional_text(body, "client_msg_id") or parse.optional_text(
        body, "idempotency_key"
    )
    timestamp = body.get("timestamp")
    return NewMessage(
        session_id=session_id,
        text=text,
        client_msg_id=client_id,
        agent=parse.optional_text(body, "agent_id"),
        attachments=parse.texts(body, "attachments"),
        client_timestamp=timestamp[:64] if isinstance(timestamp, str) else None,
    )


def shown(accepted: Accepted, visitor: Visitor) -> dict[str, Any]:
    message = accepted.message
    data = {
        "message_id": message.id,
        "session_id": message.session_id,
        "timestamp": message.timestamp,
        "uid": message.uid,
        "is_new_user": message.is_new_user,
        "chat_id": accepted.session.chat_id,
        "agent": accepted.agent,
    }
    if message.job_id:
        data["job_id"] = message.job_id
    if accepted.token and not visitor.by_cookie:
        data["session_token"] = accepted.token
    return data


ACTION = Action("messages", {"POST": post}, "visitor", "a visitor writes a message")
