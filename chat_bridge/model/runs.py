"""Plans, runs and jobs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from chat_bridge.model.files import Output, Source

JobStatus = Literal[
    "pending", "running", "input_required", "completed", "failed", "cancelled", "dead"
]
ENDED: frozenset[str] = frozenset({"completed", "failed", "cancelled", "dead"})


@dataclass(frozen=True)
class Step:
    """One checked step of a plan: a registered operation and its typed arguments."""

    operation: str
    arguments: Mapping[str, Any]
    title: str = ""


@dataclass(frozen=True)
class Plan:
    """`sheet` may be `all`; `header_row` counts from 1, 0 is a table without a header; a `preview`
    looks at the first rows and keeps nothing; what begins like a formula is one in the result only
    where `keep_formulas` asks for it."""

    steps: tuple[Step, ...]
    file: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    preview: bool = False
    keep_formulas: bool = False


@dataclass(frozen=True)
class Progress:
    """`rows_total` is None while nobody knows it; `fraction` 0..1 of the whole run, if known."""

    step: int
    rows_done: int
    rows_total: int | None = None
    rows_per_second: float | None = None
    fraction: float | None = None


@dataclass(frozen=True)
class Limits:
    """What one run in a child may use; sizes in bytes, times in seconds."""

    memory: int = 1536 << 20
    cpu_seconds: int = 600
    wall_seconds: float = 600.0
    output_bytes: int = 2 << 30
    unpacked_bytes: int = 1 << 30
    cells: int = 12_000_000
    columns: int = 2_000
    preview_rows: int = 20


@dataclass(frozen=True)
class Run:
    """All a child needs to carry out a plan; `files` are the session's other spreadsheets."""

    plan: Plan
    source: Source
    output_dir: Path
    files: Mapping[str, Source] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class StepCount:
    """Rows that went into and came out of one step; `changed` counts cells it altered."""

    rows_in: int | None
    rows_out: int | None
    changed: int | None = None


@dataclass(frozen=True)
class RunResult:
    """`summary` is the sentence for people; `data` what an operation answers beside files."""

    summary: str
    outputs: tuple[Output, ...]
    steps: tuple[StepCount, ...]
    warnings: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JobStep:
    index: int
    operation: str
    title: str
    arguments: Mapping[str, Any]
    status: str
    rows_in: int | None = None
    rows_out: int | None = None


@dataclass(frozen=True)
class Job:
    id: str
    session_id: str
    message_id: int | None
    kind: str
    command: str
    file: str | None
    status: str
    attempts: int
    fence: int
    steps: tuple[JobStep, ...]
    progress: Mapping[str, Any]
    cancel_requested: bool
    result: Mapping[str, Any]
    error: str | None
    error_code: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    owner: str | None = None
    priority: int = 0


@dataclass(frozen=True)
class Pipeline:
    """A command somebody saved under a name."""

    name: str
    command: str
    updated_at: str
