"""What goes into and out of the store beside model values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figures:
    """How much is stored, and what is not done yet; `oldest` is when it was written."""

    stored: Mapping[str, int]
    messages: Mapping[str, int]
    jobs: Mapping[str, int]
    oldest: str | None
    bytes: Mapping[str, int]


@dataclass(frozen=True)
class Opening:
    """What a session row is opened with; for one that exists most of it is ignored."""

    session_id: str
    chat_id: str
    uid: str
    token_hash: str | None
    bound: bool
    agent_id: int | None
    title: str | None
    partition_key: str
    ip_address: str | None
    user_agent: str | None
    now: str
    now_ms: int
    user_id: int | None = None
    from_page: bool = False


@dataclass(frozen=True)
class Opened:
    """A session that was opened with a key, and what its secret was made from beside the key."""

    session_id: str
    salt: str
    body_hash: str


@dataclass(frozen=True)
class MessageRow:
    session_id: str
    message: str
    client_msg_id: str | None
    body_hash: str | None
    timestamp: str
    client_timestamp: str | None
    uid: str
    is_new_user: bool
    agent_id: int | None
    attachments: Sequence[str]
    job_id: str | None


@dataclass(frozen=True)
class Asking:
    """Who asks the inbox for what; agent_id None is the default agent unless `any_agent`."""

    consumer: str
    any_agent: bool
    agent_id: int | None
    after_id: int
    now: int
    boot: str


@dataclass(frozen=True)
class Hold:
    consumer: str
    until: int
    boot: str
    style: str


@dataclass(frozen=True)
class ResponseRow:
    session_id: str
    response_id: str
    response: str
    message_id: str | None
    kind: str
    timestamp: str
    idempotency_key: str | None
    body_hash: str | None
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class StreamRow:
    session_id: str
    response_id: str
    message_id: str | None
    kind: str
    agent: str
    created_at: str


@dataclass(frozen=True)
class DeltaRow:
    stream_id: int
    sequence: int
    start: int
    delta: str
    idempotency_key: str | None


@dataclass(frozen=True)
class NewEvent:
    """One fact to store: ids and small facts only. Who may see it follows from its kind."""

    session_id: str
    kind: str
    created_at: str
    message_id: int | None = None
    response_id: int | None = None
    job_id: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EventRow:
    """One fact as stored, by its number; bodies are joined in by the feed."""

    seq: int
    session_id: str
    kind: str
    audience: str
    created_at: str
    message_id: int | None = None
    response_id: int | None = None
    job_id: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Beat:
    owner: str
    until: int
    boot: str


@dataclass(frozen=True)
class JobEnd:
    status: str
    result: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    error_code: str | None = None


@dataclass(frozen=True)
class Description:
    """What is known of a file's content; all None until somebody has looked."""

    rows: int | None = None
    columns: Sequence[Mapping[str, str]] | None = None
    preview: Mapping[str, Any] | None = None
    error: str | None = None
    error_code: str | None = None


@dataclass(frozen=True)
class AttachmentRow:
    session_id: str
    name: str
    kind: str
    content_type: str
    sha256: str
    size: int
    job_id: str | None = None
    description: Description = field(default_factory=Description)
    upload_key: str | None = None
    uploaded_by: str | None = None


@dataclass(frozen=True)
class SettingRow:
    """One row of the shared settings table, whoever wrote it."""

    name: str
    value: str
    secret: bool
    description: str
    updated_at: str


@dataclass(frozen=True)
class AgentChange:
    """An agent as an administrator saves it."""

    name: str
    description: str
    status: str
    visible_to_users: Sequence[str]
    visible_to_roles: Sequence[str]


@dataclass(frozen=True)
class PersonRow:
    username: str
    email: str | None
    password_hash: str
    role: str
    permissions: Sequence[str] = ()
    must_change: bool = False


@dataclass(frozen=True)
class Wanted:
    """Which people a list holds; None is any of them."""

    search: str | None = None
    role: str | None = None
    active: bool | None = None
    after: int = 0
    limit: int = 100
