"""Events as they happen: a stream that goes on where it broke."""

import json
from collections.abc import Iterator
from typing import Any

from chat_bridge.client.calls import Calls
from chat_bridge.client.errors import BadAnswer, ClientError, ConnectionFailed
from chat_bridge.client.retry import Retry
from chat_bridge.client.transport import Answer
from chat_bridge.client.values import Event

SILENCE = 50.0  # seconds; the bridge pings more often, so a longer silence is a dead connection


def follow(calls: Calls, session_id: str | None, cursor: str | None) -> Iterator[Event]:
    if cursor is None:
        query = {"session_id": session_id, "wait": 0}
        cursor = str(calls.ask("events", query, session_id=session_id)["cursor"])
    failures = 0
    while True:
        try:
            for event in _once(calls, session_id, cursor):
                failures = 0
                cursor = str(event.seq or cursor)
                yield event
            raise ConnectionFailed("The event stream ended.")
        except ClientError as error:
            if not error.temporary:
                raise
            failures += 1
            calls.transport.rest(Retry().rest(error, failures))


def _once(calls: Calls, session_id: str | None, cursor: str) -> Iterator[Event]:
    query = {"session_id": session_id, "cursor": cursor}
    request = calls.stream(query, session_id=session_id, silence=SILENCE)
    with calls.transport.answer(request) as answer:
        if answer.content_type != "text/event-stream":
            raise BadAnswer(f"Not an event stream but {answer.content_type}.")
        for frame in frames(answer):
            yield Event.read(frame)


def frames(answer: Answer) -> Iterator[dict[str, Any]]:
    """The JSON body of each event until the stream ends; comments (pings) are passed over."""
    data: list[str] = []
    while line := answer.readline():
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        field, _, value = text.partition(":")
        if field == "data":
            data.append(value.removeprefix(" "))
        elif not text and data:
            yield _parsed("\n".join(data))
            data.clear()


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadAnswer(f"An event is not JSON: {text[:80]!r}.") from error
    if not isinstance(found, dict):
        raise BadAnswer(f"An event is not an object: {text[:80]!r}.")
    return found
