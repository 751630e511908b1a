"""What the bridge answers, as frozen values. Times stay its text: `2026-11-21T09:30:00.000Z`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

Json = Mapping[str, Any]


@dataclass(frozen=True)
class InboxMessage:
    """A message you hold until `lease_expires_at`; `receipt` is the proof of it."""

    id: int
    session_id: str
    text: str
    timestamp: str
    uid: str | None
    receipt: str | None
    attempt: int
    lease_expires_at: str | None
    agent: str
    attachments: tuple[str, ...] = ()
    chat_id: str | None = None

    @classmethod
    def read(cls, data: Json) -> Self:
        return cls(
            id=data["id"],
            session_id=data["session_id"],
            text=data["message"],
            timestamp=data["timestamp"],
            uid=data.get("uid"),
            receipt=data.get("receipt"),
            attempt=data.get("attempt") or 1,
            lease_expires_at=data.get("lease_expires_at"),
            agent=str(data.get("agent") or ""),
            attachments=tuple(data.get("attachments") or ()),
            chat_id=data.get("chat_id"),
        )


@dataclass(frozen=True)
class FileItem:
    """A file of a session; rows and columns are None until somebody has looked inside."""

    name: str
    size: int
    content_type: str
    sha256: str
    rows: int | None = None
    columns: tuple[Json, ...] | None = None
    download_url: str = ""
    error: str | None = None

    @classmethod
    def read(cls, data: Json) -> Self:
        columns = data.get("columns")
        return cls(
            name=data["name"],
            size=data["size"],
            content_type=data.get("content_type") or "application/octet-stream",
            sha256=data.get("sha256") or "",
            rows=data.get("rows"),
            columns=None if columns is None else tuple(columns),
            download_url=data.get("download_url") or "",
            error=data.get("error"),
        )


@dataclass(frozen=True)
class OpenedSession:
    session_id: str
    chat_id: str
    session_token: str | None
    uid: str

    @classmethod
    def read(cls, data: Json) -> Self:
        return cls(data["session_id"], data["chat_id"], data.get("session_token"), data["uid"])


@dataclass(frozen=True)
class Sent:
    """A stored message of a visitor; `job_id` is given when it was a command."""

    message_id: int
    session_id: str
    timestamp: str
    uid: str
    job_id: str | None
    session_token: str | None

    @classmethod
    def read(cls, data: Json) -> Self:
        return cls(
            message_id=data["message_id"],
            session_id=data["session_id"],
            timestamp=data["timestamp"],
            uid=data["uid"],
            job_id=data.get("job_id"),
            session_token=data.get("session_token"),
        )


@dataclass(frozen=True)
class Posted:
    """A stored answer."""

    response_id: int
    session_id: str
    timestamp: str

    @classmethod
    def read(cls, data: Json) -> Self:
        return cls(data["response_id"], data["session_id"], data["timestamp"])


@dataclass(frozen=True)
class Response:
    id: int
    text: str
    timestamp: str
    message_id: int | str | None
    kind: str
    attachments: tuple[FileItem, ...] = ()
    job_id: str | None = None
    metadata: Json = field(default_factory=dict)

    @classmethod
    def read(cls, data: Json) -> Self:
        return cls(
            id=data["id"],
            text=data["response"],
            timestamp=data["timestamp"],
            message_id=data.get("message_id"),
            kind=data.get("kind") or "text",
            attachments=tuple(FileItem.read(item) for item in data.get("attachments") or ()),
            job_id=data.get("job_id"),
            metadata=data.get("metadata") or {},
        )


@dataclass(frozen=True)
class ResponsePage:
    """Answers after a cursor, and the cursor to go on from."""

    responses: tuple[Response, ...]
    cursor: str

    @classmethod
    def read(cls, data: Json) -> Self:
        found = tuple(Response.read(item) for item in data["responses"])
        return cls(found, str(data["cursor"]))


@dataclass(frozen=True)
class Event:
    """A numbered fact. `seq` None (typing) is never stored and cannot be resumed from."""

    seq: int | None
    session_id: str
    kind: str
    data: Json
    created_at: str

    @classmethod
    def read(cls, data: Json) -> Self:
        return cls(
            seq=data.get("seq"),
            session_id=data.get("session_id") or "",
            kind=data["kind"],
            data=data.get("data") or {},
            created_at=data.get("created_at") or "",
        )
