"""What was given up, to be looked at by a person."""

from dataclasses import dataclass
from typing import Literal

LetterKind = Literal["message", "job"]


@dataclass(frozen=True)
class DeadLetter:
    """A message nobody took care of, or a job that failed again and again; `text` is what the
    visitor wrote."""

    kind: LetterKind
    id: int
    session_id: str
    text: str
    reason: str | None
    attempts: int
    created_at: str
    agent_id: int | None = None
    job_id: str | None = None


@dataclass(frozen=True)
class DeadGroup:
    """Letters of one kind with one reason."""

    kind: LetterKind
    reason: str
    count: int
