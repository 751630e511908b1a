"""Rows of the console's lists of jobs and files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AgentWork:
    """What an agent has before it: since when the oldest waits, and what it held or was sent."""

    waiting: int = 0
    oldest: str | None = None
    held: int = 0
    lately: int = 0


@dataclass(frozen=True)
class ListedJob:
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
    progress: Mapping[str, Any] = field(default_factory=dict)


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
