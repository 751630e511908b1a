"""JSON calls: who is asking, how a body goes out, and the envelope around what comes back."""

import json
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from chat_bridge.client.errors import BadAnswer
from chat_bridge.client.transport import Answer, Request, Transport

Query = Mapping[str, str | int | float | None]
ACTIONS = "/api/v1/"


class Calls:
    """`session_id` means: as that session's visitor, where its token is known. Otherwise, and
    for sessions whose token is not known, the key speaks."""

    def __init__(self, transport: Transport, key: str | None) -> None:
        self.transport = transport
        self._key = key
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def remember(self, session_id: str, token: str | None) -> None:
        if token:
            with self._lock:
                self._tokens[session_id] = token

    def ask(
        self, action: str, query: Query, *, session_id: str | None = None, patience: float = 0.0
    ) -> dict[str, Any]:
        path = _with_query(ACTIONS, {"action": action, **query})
        return self.get(path, session_id=session_id, patience=patience)

    def tell(
        self, action: str, body: Mapping[str, Any], *, session_id: str | None = None
    ) -> dict[str, Any]:
        return self.post(_with_query(ACTIONS, {"action": action}), body, session_id=session_id)

    def get(
        self, path: str, *, session_id: str | None = None, patience: float = 0.0
    ) -> dict[str, Any]:
        request = Request("GET", path, self.headers(session_id), patience=patience)
        return self.transport.exchange(request, _data)

    def post(
        self, path: str, body: Mapping[str, Any], *, session_id: str | None = None
    ) -> dict[str, Any]:
        given = {name: value for name, value in body.items() if value is not None}
        headers = {**self.headers(session_id), "Content-Type": "application/json"}
        return self.send(Request("POST", path, headers, json.dumps(given).encode()))

    def send(self, request: Request) -> dict[str, Any]:
        return self.transport.exchange(request, _data)

    def stream(self, query: Query, *, session_id: str | None, silence: float) -> Request:
        """Asks for events as a stream, which may stay silent for so many seconds."""
        headers = {**self.headers(session_id), "Accept": "text/event-stream"}
        path = _with_query(ACTIONS, {"action": "events", **query})
        return Request("GET", path, headers, patience=silence)

    def headers(self, session_id: str | None) -> dict[str, str]:
        headers = {"User-Agent": "chat-bridge-client", "Accept": "application/json"}
        token = self._tokens.get(session_id) if session_id else None
        if token:
            headers["X-Session-Token"] = token
        elif self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return headers


def _with_query(path: str, query: Query) -> str:
    return (
        f"{path}?{urlencode({name: value for name, value in query.items() if value is not None})}"
    )


def _data(answer: Answer) -> dict[str, Any]:
    body = answer.read()
    try:
        envelope = json.loads(body)
    except ValueError as error:
        raise BadAnswer(f"The answer is not JSON: {body[:80]!r}.") from error
    if not isinstance(envelope, dict) or not isinstance(envelope.get("data"), dict):
        raise BadAnswer(f"The answer is not Chat Bridge's: {body[:80]!r}.")
    data: dict[str, Any] = envelope["data"]
    return data
