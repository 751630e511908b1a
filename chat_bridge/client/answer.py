"""An answer written piece by piece: `with client.stream(message) as answer: answer.write("…")`."""

import secrets
import time
from types import TracebackType
from typing import Any, Self

from chat_bridge.client.calls import Calls
from chat_bridge.client.errors import Refused
from chat_bridge.client.values import InboxMessage, Posted

GATHERED_SECONDS = 0.1
GATHERED_CHARACTERS = 4_000


class StreamedAnswer:
    """What is written goes out about ten times a second. Leaving the `with` block ends the answer
    and acknowledges the message; leaving it by an exception ends it as incomplete and leaves the
    message to be given back. `stopped` becomes true when the visitor has read enough."""

    def __init__(self, calls: Calls, message: InboxMessage, kind: str = "text") -> None:
        self.message = message
        self.response_id = secrets.token_hex(16)
        self.stopped = False
        self.posted: Posted | None = None
        self._calls = calls
        self._kind = kind
        self._sequence = 0
        self._waiting: list[str] = []
        self._sent_at = 0.0
        self._said: list[str] = []
        self._over = False

    def __enter__(self) -> Self:
        self._send("start", message_id=self.message.id, kind=self._kind)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.end()
        elif not self._over:
            self._send("end", incomplete=True)

    @property
    def text(self) -> str:
        """All that was written so far."""
        return "".join(self._said)

    def write(self, text: str) -> None:
        """Adds to the answer; once it was stopped, nothing happens any more."""
        if not text or self.stopped:
            return
        self._said.append(text)
        self._waiting.append(text)
        size = sum(map(len, self._waiting))
        due = time.monotonic() - self._sent_at >= GATHERED_SECONDS
        if due or size >= GATHERED_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Sends what was gathered. An answer that was ended meanwhile takes no more."""
        gathered, self._waiting = "".join(self._waiting), []
        for at in range(0, len(gathered), GATHERED_CHARACTERS):
            if not self._over:
                self._sequence += 1
                piece = gathered[at : at + GATHERED_CHARACTERS]
                self._send("delta", response=piece, sequence=self._sequence)
        self._sent_at = time.monotonic()

    def end(self) -> None:
        """Ends the answer, once. What the bridge gave up meanwhile is sent again as a whole; an
        answer without a word is none."""
        if self.posted is not None:
            return
        self.flush()
        if not self.text.strip():
            self._send("end", incomplete=True)
            self._calls.tell("ack", {"receipts": [self.message.receipt], "reply": "none"})
            return
        whole = self.text if self._over and not self.stopped else None
        data = self._send("end", message_id=self.message.id, kind=self._kind, response=whole)
        if data.get("id") is not None:
            self.posted = Posted(data["id"], data["session_id"], data["timestamp"])

    def _send(self, stage: str, **body: Any) -> dict[str, Any]:
        named = {
            "session_id": self.message.session_id,
            "stream": stage,
            "response_id": self.response_id,
        }
        try:
            return self._calls.tell("outbox", {**named, **body})
        except Refused as refusal:
            if refusal.error_code != "stream_ended":
                raise
            self._over = True
            self.stopped = "visitor" in str(refusal.details.get("reason"))
            return {}
