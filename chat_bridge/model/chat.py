"""What is said, and the events that tell of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ResponseKind = Literal["text", "tool", "system", "error", "result"]
LeaseStyle = Literal["explicit", "legacy", "plugin", "operator"]


@dataclass(frozen=True)
class NewMessage:
    """What a caller asks to be stored; `agent` is an id or a slug, None the session's own."""

    session_id: str
    text: str
    client_msg_id: str | None = None
    agent: str | None = None
    attachments: tuple[str, ...] = ()
    client_timestamp: str | None = None


@dataclass(frozen=True)
class Message:
    id: int
    session_id: str
    text: str
    timestamp: str
    uid: str | None
    is_new_user: bool
    agent_id: int | None
    state: str
    attempts: int
    attachments: tuple[str, ...]
    client_msg_id: str | None
    job_id: str | None
    leased_by: str | None = None
    lease_until: int | None = None
    lease_boot: str | None = None
    lease_style: str | None = None
    served: int = 0
    receipt: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One lease of one message, as handed to its holder."""

    message: Message
    receipt: str | None
    attempt: int
    lease_expires_at: str | None
    agent: str
    chat_id: str
    uid: str | None


@dataclass(frozen=True)
class NewResponse:
    session_id: str
    text: str
    message_id: int | str | None = None
    kind: ResponseKind = "text"
    attachments: tuple[str, ...] = ()
    idempotency_key: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    id: int
    session_id: str
    text: str
    message_id: int | str | None
    kind: str
    timestamp: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """A numbered fact as readers see it: `data` already carries the bodies joined in."""

    seq: int
    session_id: str
    kind: str
    audience: str
    data: Mapping[str, Any]
    created_at: str

    @property
    def answer_id(self) -> int | None:
        """Of the whole answer that it brings."""
        answer = self.data.get("response")
        return int(answer["id"]) if isinstance(answer, dict) else None


@dataclass(frozen=True)
class Button:
    """A suggestion under an answer: `send` runs its text, `fill` puts it in the composer."""

    label: str
    text: str
    action: Literal["send", "fill"] = "fill"


@dataclass(frozen=True)
class Answer:
    """A reply that needs no run: help, or what the built-in agent can do (Markdown)."""

    text: str
    buttons: tuple[Button, ...] = ()
