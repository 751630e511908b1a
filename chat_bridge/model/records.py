"""Rows of the console's lists of jobs and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat_bridge.model.runs import JobStep


@dataclass(frozen=True)
class AgentWork:
    """What an agent has before it: since when the oldest waits, what it holds, and of what it was
    sent lately how often that was delivered, delivered again, and done."""

    waiting: int = 0
    oldest: str | None = None
    held: int = 0
    lately: int = 0
    deliveries: int = 0
    redeliveries: int = 0
    done: int = 0


@dataclass(frozen=True)
class JobOutput:
    """A file that a job made; `id` is its number in the console's list, here and below."""

    id: int
    name: str
    size: int


@dataclass(frozen=True)
class ListedJob:
    """`file_id` is the file it reads; `priority` is above 0 where it goes ahead of others."""

    id: int
    job_id: str
    session_id: str
    command: str
    file: str | None
    status: str
    attempts: int
    owner: str | None
    error: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    title: str | None
    uid: str
    priority: int = 0
    file_id: int | None = None
    progress: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[JobStep] = ()
    outputs: Sequence[JobOutput] = ()


@dataclass(frozen=True)
class ListedFile:
    """`kind` is upload or output; `row_count` is None for what is no table, or not yet read."""

    id: int
    session_id: str
    name: str
    kind: str
    size: int
    row_count: int | None
    error: str | None
    created_at: str
    title: str | None
    uid: str
