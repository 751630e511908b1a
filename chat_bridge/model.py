"""Frozen values that travel between layers. Times are wire text (`YYYY-MM-DDTHH:MM:SS.mmmZ`, UTC);
lease ends are milliseconds of CLOCK_BOOTTIME. JSON values are plain dicts, lists and scalars."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

JobStatus = Literal[
    "pending", "running", "input_required", "completed", "failed", "cancelled", "dead"
]
ENDED: frozenset[str] = frozenset({"completed", "failed", "cancelled", "dead"})
ResponseKind = Literal["text", "tool", "system", "error", "result"]
LeaseStyle = Literal["explicit", "legacy", "plugin"]


@dataclass(frozen=True)
class Agent:
    id: int
    slug: str
    name: str
    description: str
    built_in: bool
    status: str
    last_polled_at: str | None
    polled_until: int = 0
    polled_boot: str | None = None


@dataclass(frozen=True)
class Key:
    """An authenticated API key; `agent_id` None means every agent. The secret is never kept."""

    id: int
    name: str
    prefix: str
    key_hash: str
    scopes: frozenset[str]
    agent_id: int | None
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None

    @property
    def consumer(self) -> str:
        return f"key:{self.id}"

    def may(self, scope: str) -> bool:
        return scope in self.scopes or "admin" in self.scopes


@dataclass(frozen=True)
class Session:
    id: int
    session_id: str
    chat_id: str
    uid: str
    token_hash: str | None
    bound: bool
    agent_id: int | None
    title: str | None
    status: str
    partition_key: str
    created_at: str
    last_activity: str


@dataclass(frozen=True)
class Visitor:
    """Whoever calls as a visitor: the secret they presented, if any, and where from."""

    secret: str | None = None
    by_cookie: bool = False
    ip: str | None = None
    user_agent: str | None = None


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
    last_error: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One lease of one message, as handed to its holder."""

    message: Message
    receipt: str | None
    attempt: int
    lease_expires_at: str | None
    agent: str


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


@dataclass(frozen=True)
class Step:
    """One checked step of a plan: a registered operation and its typed arguments."""

    operation: str
    arguments: Mapping[str, Any]
    title: str = ""


@dataclass(frozen=True)
class Plan:
    steps: tuple[Step, ...]
    file: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Progress:
    """`rows_total` is None while nobody knows it; `fraction` 0..1 of the whole run, if known."""

    step: int
    rows_done: int
    rows_total: int | None = None
    rows_per_second: float | None = None
    fraction: float | None = None


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


@dataclass(frozen=True)
class Blob:
    """Bytes at rest, addressed by their SHA-256 (hex)."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True)
class Attachment:
    id: int
    session_id: str
    name: str
    kind: str
    content_type: str
    sha256: str
    size: int
    rows: int | None
    columns: tuple[Mapping[str, str], ...] | None
    preview: Mapping[str, Any] | None
    error: str | None
    error_code: str | None
    job_id: str | None
    created_at: str


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
class Source:
    """A file a run may read: its bytes by path, its name for people and for its extension."""

    path: Path
    name: str


@dataclass(frozen=True)
class Run:
    """All a child needs to carry out a plan; `files` are the session's other spreadsheets."""

    plan: Plan
    source: Source
    output_dir: Path
    files: Mapping[str, Source] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Output:
    """A file written by a run into its `output_dir`, under a temporary name."""

    path: Path
    name: str
    content_type: str
    rows: int | None
    columns: tuple[Mapping[str, str], ...] | None
    preview: Mapping[str, Any] | None


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
class Profile:
    """What a first look at a spreadsheet found: sheets, size, typed columns, first rows."""

    sheets: tuple[str, ...]
    rows: int
    columns: tuple[Mapping[str, str], ...]
    preview: Mapping[str, Any]
    dialect: Mapping[str, Any] = field(default_factory=dict)


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
