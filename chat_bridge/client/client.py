import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from chat_bridge.client.answer import StreamedAnswer
from chat_bridge.client.calls import Calls
from chat_bridge.client.files import Files
from chat_bridge.client.retry import Retry
from chat_bridge.client.stream import follow
from chat_bridge.client.transport import Transport
from chat_bridge.client.values import (
    Event,
    FileItem,
    InboxMessage,
    OpenedSession,
    Posted,
    ResponsePage,
    Sent,
)

PathLike = str | os.PathLike[str]


class Client:
    """One bridge, seen by an agent (with a key) or by a visitor (with session tokens, which are
    remembered). Threads may share it. Calls are tried again when the connection breaks or the
    bridge is busy; no message and no answer is ever stored twice by that."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 10.0,
        retry: Retry | None = None,
    ) -> None:
        """`url` and `key` default to CHAT_BRIDGE_URL and CHAT_BRIDGE_AGENT_KEY."""
        self.url = url or os.environ.get("CHAT_BRIDGE_URL") or "http://127.0.0.1:8001"
        self._transport = Transport(self.url, timeout, retry or Retry())
        self._calls = Calls(self._transport, key or os.environ.get("CHAT_BRIDGE_AGENT_KEY"))
        self._files = Files(self._calls)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Calls still under way end with ClientClosed."""
        self._transport.close()

    # As an agent

    def inbox(
        self, *, wait: float = 30, limit: int = 50, lease: float = 30, agent: str | None = None
    ) -> list[InboxMessage]:
        """Leases waiting messages; waits up to `wait` seconds for the first one."""
        query = {"wait": wait, "limit": limit, "lease": lease, "agent": agent}
        data = self._calls.ask("inbox", query, patience=wait)
        return [InboxMessage.read(item) for item in data["messages"]]

    def reply(
        self,
        message: InboxMessage,
        text: str,
        *,
        attachments: Sequence[str] = (),
        kind: str = "text",
        idempotency_key: str | None = None,
    ) -> Posted:
        """Answers a message, and is done with it. The same answer under the same lease is stored
        once. `attachments` are names of the session's files (`send_file` first)."""
        answer = {
            "session_id": message.session_id,
            "message_id": message.id,
            "response": text,
            "kind": kind,
            "attachments": list(attachments),
        }
        key = idempotency_key or _answer_key(message, answer)
        return Posted.read(self._calls.tell("outbox", {**answer, "idempotency_key": key}))

    def stream(self, message: InboxMessage, *, kind: str = "text") -> StreamedAnswer:
        """An answer the visitor sees growing: `with client.stream(message) as answer:`, then
        `answer.write("…")` as often as you like."""
        return StreamedAnswer(self._calls, message, kind)

    def ack(self, *messages: InboxMessage) -> None:
        """Done, with nothing to say."""
        self._settle("ack", messages, {"reply": "none"})

    def nack(self, *messages: InboxMessage, delay: float = 0, reason: str | None = None) -> None:
        """Gives messages back, to be delivered again after `delay` seconds."""
        self._settle("nack", messages, {"delay": delay, "reason": reason})

    def extend(self, *messages: InboxMessage, lease: float = 30) -> None:
        """Holds messages for `lease` seconds from now."""
        self._settle("extend", messages, {"lease": lease})

    def typing(self, session_id: str, seconds: float = 5) -> None:
        """Shows the visitor that somebody is writing."""
        self._calls.tell("typing", {"session_id": session_id, "seconds": seconds})

    # As a visitor

    def open_session(self, agent: str | None = None) -> OpenedSession:
        opened = OpenedSession.read(self._calls.post("/api/v1/sessions", {"agent_id": agent}))
        self.use_session(opened.session_id, opened.session_token)
        return opened

    def use_session(self, session_id: str, session_token: str | None) -> None:
        """Goes on as the visitor of a session opened earlier."""
        self._calls.remember(session_id, session_token)

    def send(
        self,
        session_id: str,
        text: str,
        *,
        agent: str | None = None,
        attachments: Sequence[str] = (),
        client_msg_id: str | None = None,
    ) -> Sent:
        body = {
            "session_id": session_id,
            "message": text,
            "agent_id": agent,
            "attachments": list(attachments) or None,
            "client_msg_id": client_msg_id or secrets.token_hex(16),
        }
        sent = Sent.read(self._calls.tell("messages", body, session_id=session_id))
        self.use_session(session_id, sent.session_token)
        return sent

    def stop(self, session_id: str, response_id: str) -> None:
        """Enough of an answer that is still being written."""
        body = {"session_id": session_id, "response_id": response_id}
        self._calls.tell("stop", body, session_id=session_id)

    def responses(
        self, session_id: str, cursor: str | None = None, *, wait: float = 0
    ) -> ResponsePage:
        """Answers after the cursor; without one, all there are."""
        query = {"session_id": session_id, "cursor": cursor, "wait": wait}
        data = self._calls.ask("responses", query, session_id=session_id, patience=wait)
        return ResponsePage.read(data)

    def events(self, session_id: str | None = None, cursor: str | None = None) -> Iterator[Event]:
        """Events as they happen, without end; a broken stream goes on where it broke. Without a
        cursor: from now on. Without a session: those of every session the key may see."""
        return follow(self._calls, session_id, cursor)

    # Files of a session, as either

    def files(self, session_id: str) -> list[FileItem]:
        return self._files.list(session_id)

    def read_file(self, session_id: str, name: str) -> bytes:
        return self._files.read(session_id, name)

    def save_file(self, session_id: str, name: str, path: PathLike) -> Path:
        """Straight to disk; nothing half-written is ever left at `path`."""
        self._files.save(session_id, name, Path(path))
        return Path(path)

    def send_file(self, session_id: str, path: PathLike, *, name: str | None = None) -> FileItem:
        """Adds a file to the session. Attach it by the answer's `name`: a second `report.csv`
        may have been given another."""
        return self._files.send(session_id, Path(path), name or Path(path).name)

    def _settle(
        self, action: str, messages: Sequence[InboxMessage], more: Mapping[str, Any]
    ) -> None:
        receipts = [message.receipt for message in messages]
        self._calls.tell(action, {"receipts": receipts, **more})


def _answer_key(message: InboxMessage, answer: Mapping[str, Any]) -> str:
    said = json.dumps([message.receipt, answer], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
