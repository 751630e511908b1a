"""An answer that is still being written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chat_bridge.model.chat import ResponseKind

Stage = Literal["start", "delta", "end"]


@dataclass(frozen=True)
class Piece:
    """What a writer sends of an answer: its beginning, more of it, or its end. `sequence` (from
    1) or `offset` (in characters) say where the text belongs, so that a retry adds nothing."""

    stage: Stage
    session_id: str
    response_id: str
    text: str = ""
    message_id: int | str | None = None
    kind: ResponseKind = "text"
    sequence: int | None = None
    offset: int | None = None
    idempotency_key: str | None = None
    incomplete: bool = False
    attachments: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stream:
    """How far an answer has come: `length` characters in `sequence` pieces."""

    id: int
    session_id: str
    response_id: str
    message_id: int | str | None
    kind: ResponseKind
    agent: str
    length: int
    sequence: int
    created_at: str


@dataclass(frozen=True)
class Delta:
    """One piece as stored: where it starts and what it adds."""

    sequence: int
    start: int
    text: str
