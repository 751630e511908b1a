"""Rows of a file that is copied into ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class OldSession:
    session_id: str
    uid: str | None
    created_at: str | None
    last_active: str | None
    ip_address: str | None
    metadata: str | None


@dataclass(frozen=True)
class OldLine:
    """`done` is a message that was handed out, `answers` names what a reply is for."""

    side: Literal["message", "response"]
    id: int
    session_id: str
    text: str
    timestamp: str | None
    done: bool
    answers: str | None


@dataclass(frozen=True)
class Found:
    """Of a kind: how many there are, and how many of them are new here."""

    total: Mapping[str, int]
    new: Mapping[str, int]
