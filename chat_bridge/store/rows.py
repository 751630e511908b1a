"""Rows to model values, and JSON columns to Python."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from chat_bridge.model import (
    NOWHERE,
    ROLES,
    Agent,
    Attachment,
    AuditEntry,
    Job,
    JobStep,
    Key,
    Login,
    Message,
    Note,
    Person,
    Response,
    Session,
    SessionOverview,
    Stream,
)

NOBODY = "?"


def to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict)


def from_json(text: str | None) -> Any:
    """JSON that another program may have written: unreadable text counts as nothing."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def mapping(text: str | None) -> Mapping[str, Any]:
    value = from_json(text)
    return value if isinstance(value, dict) else {}


def is_number(text: str) -> bool:
    """What JSON readers take for an integer; `²` is a digit to Python, and 40 nines overflow."""
    return text.isascii() and text.isdigit() and len(text) < 19


def containing(words: str) -> str:
    """A pattern for LIKE … ESCAPE '\\' that finds the words anywhere."""
    for special in ("\\", "%", "_"):
        words = words.replace(special, "\\" + special)
    return f"%{words}%"


def words(value: object) -> str:
    """A text; another program may have bound bytes or a number to its column."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def session(row: sqlite3.Row) -> Session:
    return Session(
        id=row["id"],
        session_id=row["session_id"],
        chat_id=row["chat_id"] or "",
        uid=words(row["uid"]),
        token_hash=row["token_hash"],
        bound=bool(row["bound"]),
        agent_id=row["agent_id"],
        title=row["title"],
        status=words(row["status"]) or "active",
        partition_key=row["partition_key"],
        created_at=words(row["created_at"]),
        last_activity=words(row["last_activity"] or row["created_at"]),
        user_id=row["user_id"],
        from_page=bool(row["from_page"]),
    )


def overview(row: sqlite3.Row) -> SessionOverview:
    return SessionOverview(
        id=row["id"],
        session_id=row["session_id"],
        chat_id=row["chat_id"] or "",
        uid=words(row["uid"]),
        agent_id=row["agent_id"],
        title=row["title"],
        status=words(row["status"]) or "active",
        created_at=words(row["created_at"]),
        last_activity=words(row["last_activity"] or row["created_at"]),
        ip_address=words(row["ip_address"]) or None,
        user_agent=words(row["user_agent"]) or None,
        metadata=words(row["metadata"]) or "{}",
        message_count=row["message_count"],
        response_count=row["response_count"],
    )


def audit_entry(row: sqlite3.Row) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        created_at=row["created_at"],
        actor=row["actor"],
        action=row["action"],
        subject=row["subject"],
        before=row["value_before"],
        after=row["value_after"],
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )


def message(row: sqlite3.Row) -> Message:
    names = from_json(row["attachments"])
    return Message(
        id=row["id"],
        session_id=row["session_id"],
        text=words(row["message"]),
        timestamp=words(row["timestamp"]),
        uid=words(row["uid"]) or None,
        is_new_user=bool(row["is_new_user"]),
        agent_id=row["agent_id"],
        state=row["state"],
        attempts=row["attempts"],
        attachments=tuple(names) if isinstance(names, list) else (),
        client_msg_id=row["client_msg_id"],
        job_id=row["job_id"],
        leased_by=row["leased_by"],
        lease_until=row["lease_until"],
        lease_boot=row["lease_boot"],
        lease_style=row["lease_style"],
        served=row["served"],
        receipt=row["receipt"],
        body_hash=row["body_hash"],
    )


def response(row: sqlite3.Row) -> Response:
    return Response(
        id=row["id"],
        session_id=row["session_id"],
        text=words(row["response"]),
        message_id=answered(row["message_id"]),
        kind=row["kind"],
        timestamp=words(row["timestamp"]),
        metadata=mapping(row["metadata"]),
    )


def answered(message_id: object) -> int | str | None:
    """Another program's column may hold numbers."""
    text = None if message_id is None else str(message_id)
    return int(text) if text and is_number(text) else text


def stream(row: sqlite3.Row) -> Stream:
    return Stream(**dict(row) | {"message_id": answered(row["message_id"])})


def agent(row: sqlite3.Row) -> Agent:
    return Agent(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        description=row["description"] or "",
        built_in=bool(row["built_in"]),
        status=row["status"] or "active",
        last_polled_at=row["last_polled_at"],
        polled_until=row["polled_until"],
        polled_boot=row["polled_boot"],
        visible_to_users=_audience(row["visible_to_users"]),
        visible_to_roles=_audience(row["visible_to_roles"]),
        letta_uid=row["letta_uid"] if "letta_uid" in row.keys() else None,  # noqa: SIM118 - a row is no mapping
    )


def _audience(text: str | None) -> tuple[str, ...]:
    """Nothing listed is everybody; a text that is no list names nobody there is."""
    if text is None or text.strip() in ("", "null"):
        return ()
    value = from_json(text)
    return tuple(map(str, value)) if isinstance(value, list) else (NOBODY,)


def key(row: sqlite3.Row) -> Key:
    return Key(
        id=row["id"],
        name=row["name"],
        prefix=row["prefix"],
        key_hash=row["key_hash"],
        scopes=frozenset(row["scopes"].split()),
        agent_id=row["agent_id"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
    )


def shared_time(moment: str) -> str:
    """As the programs that may share a table write and read it: UTC, without saying so."""
    return f"{moment[:10]} {moment[11:23]}000"


def person(row: sqlite3.Row) -> Person:
    permissions = from_json(row["permissions"])
    return Person(
        id=row["id"],
        username=row["username"],
        email=None if (row["email"] or "").endswith(NOWHERE) else row["email"],
        role=row["role"] or ROLES[0],
        permissions=tuple(map(str, permissions)) if isinstance(permissions, list) else (),
        is_active=bool(row["is_active"]),
        must_change_password=bool(row["must_change_password"]),
        failed_sign_ins=row["failed_login_attempts"] or 0,
        last_login=row["last_login"],
        created_at=row["created_at"] or "",
        updated_at=row["updated_at"] or "",
    )


def login(row: sqlite3.Row) -> Login:
    return Login(
        id=row["id"],
        user_id=row["user_id"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        ip_address=row["ip_address"],
        user_agent=row["user_agent"],
    )


def job(row: sqlite3.Row, steps: list[sqlite3.Row]) -> Job:
    return Job(
        id=row["job_id"],
        session_id=row["session_id"],
        message_id=row["message_id"],
        kind=row["kind"],
        command=row["command"],
        file=row["file"],
        status=row["status"],
        attempts=row["attempts"],
        fence=row["fence"],
        steps=tuple(step(one) for one in steps),
        progress=mapping(row["progress"]),
        cancel_requested=bool(row["cancel_requested"]),
        result=mapping(row["result"]),
        error=row["error"],
        error_code=row["error_code"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        owner=row["owner"],
        priority=row["priority"],
    )


def step(row: sqlite3.Row) -> JobStep:
    return JobStep(
        index=row["step_index"],
        operation=row["operation"],
        title=row["title"],
        arguments=mapping(row["arguments"]),
        status=row["status"],
        rows_in=row["rows_in"],
        rows_out=row["rows_out"],
    )


def attachment(row: sqlite3.Row) -> Attachment:
    columns = from_json(row["column_list"])
    return Attachment(
        id=row["id"],
        session_id=row["session_id"],
        name=row["name"],
        kind=row["kind"],
        content_type=row["content_type"],
        sha256=row["sha256"],
        size=row["size"],
        rows=row["row_count"],
        columns=tuple(columns) if isinstance(columns, list) else None,
        preview=from_json(row["preview"]),
        error=row["error"],
        error_code=row["error_code"],
        job_id=row["job_id"],
        created_at=row["created_at"],
    )


def note(row: sqlite3.Row) -> Note:
    return Note(row["id"], row["session_id"], row["username"], row["note"], row["timestamp"])
