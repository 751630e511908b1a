"""POST ?action=outbox with `stream`: an answer in pieces. POST ?action=stop: enough of it."""

import secrets
from collections.abc import Mapping
from typing import Any, get_args

from flask import Response

from chat_bridge.api import guards, parse
from chat_bridge.api.call import Call
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import FLAG, MOMENT, TEXT, WHOLE, maybe, one_of, record
from chat_bridge.domain import times
from chat_bridge.domain.items import Item
from chat_bridge.errors import InvalidField, MissingFields
from chat_bridge.model import Key, NewResponse, Piece, Stage, Stream
from chat_bridge.model import Response as Answer

STAGES = get_args(Stage)
LONGEST_PIECE = 65_536
FIELDS = {
    "stream": one_of(*STAGES),
    "response_id": {"type": ["string", "integer", "null"]},
    "delta": TEXT,
    "sequence": maybe(WHOLE),
    "offset": maybe(WHOLE),
    "incomplete": FLAG,
}
ENDED = record(
    response_id=TEXT,
    session_id=TEXT,
    timestamp=maybe(MOMENT),
    stream=one_of("end"),
    id=maybe(WHOLE),
    incomplete=FLAG,
)
TOLD = (
    record(
        response_id=TEXT, session_id=TEXT, timestamp=MOMENT, stream=TEXT, sequence=WHOLE,
        offset=WHOLE,
    ),
    ENDED,
)  # fmt: skip


def take(call: Call, key: Key, new: NewResponse, body: Mapping[str, Any]) -> Response:
    piece = _piece(new, body)
    if piece.stage == "end":
        answer = call.bridge.streams.end(piece, key)
        return success(_ended(piece, answer), message="Response sent successfully")
    stream = call.bridge.streams.add(piece, key)
    return success(_grown(stream, piece.stage), message="Response sent successfully")


def text(body: Mapping[str, Any]) -> str:
    """Blank pieces count: words come with the spaces around them."""
    for field in ("response", "delta"):
        if body.get(field) is not None:
            return parse.text(body, field, blank_is_missing=False)
    return ""


@shape(
    "ends an answer under way",
    body=record(session_id=TEXT, response_id={"type": ["string", "integer"]}),
    data=ENDED,
)
def stop(call: Call) -> Response:
    name = parse.text(call.body, "session_id")
    session = guards.session(call.bridge, call.request, name, "outbox")
    response_id = parse.optional_text(call.body, "response_id")
    if response_id is None:
        raise MissingFields
    answer = call.bridge.streams.stop(session.session_id, response_id)
    return success(_ended(Piece("end", session.session_id, response_id), answer))


def _piece(new: NewResponse, body: Mapping[str, Any]) -> Piece:
    stage: Stage = body["stream"]
    if stage not in STAGES:
        raise InvalidField(field="stream", reason=f"expected one of {', '.join(STAGES)}")
    response_id = parse.optional_text(body, "response_id")
    if response_id is None and stage != "start":
        raise MissingFields
    if stage != "end" and len(new.text) > LONGEST_PIECE:
        raise InvalidField(field="response", reason=f"longer than {LONGEST_PIECE} characters")
    # The text of a start is the first piece: repeated, it must not count as a second.
    first = 1 if stage == "start" and new.text else None
    return Piece(
        stage,
        new.session_id,
        response_id or secrets.token_hex(16),
        new.text,
        message_id=new.message_id,
        kind=new.kind,
        sequence=_place(body, "sequence", 1) or first,
        offset=_place(body, "offset", 0),
        idempotency_key=new.idempotency_key,
        incomplete=body.get("incomplete") is True,
        attachments=new.attachments,
        metadata=new.metadata,
    )


def _place(body: Mapping[str, Any], field: str, lowest: int) -> int | None:
    value = body.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value < 1 << 31:
        raise InvalidField(field=field, reason=f"expected a whole number from {lowest} on")
    return value


def _grown(stream: Stream, stage: Stage) -> Item:
    return {
        "response_id": stream.response_id,
        "session_id": stream.session_id,
        "timestamp": times.canonical(stream.created_at),
        "stream": stage,
        "sequence": stream.sequence,
        "offset": stream.length,
    }


def _ended(piece: Piece, answer: Answer | None) -> Item:
    """`id` is the stored answer's, null when it was given up before a word of it."""
    return {
        "response_id": piece.response_id,
        "session_id": piece.session_id,
        "timestamp": times.canonical(answer.timestamp) if answer else None,
        "stream": "end",
        "id": answer.id if answer else None,
        "incomplete": answer is None or answer.metadata.get("incomplete") is True,
    }
