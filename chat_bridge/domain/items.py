"""Messages, responses, jobs and files on the wire: one form for API, push and pages alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from chat_bridge.domain import times
from chat_bridge.domain.markdown import html
from chat_bridge.model import (
    Attachment,
    Delivery,
    Event,
    Job,
    Message,
    Response,
    Session,
    SessionOverview,
    Stream,
)

STATES = {"pending": "sent", "leased": "delivered", "done": "answered", "dead": "failed"}
Item = dict[str, Any]


@dataclass(frozen=True)
class Links:
    """Builds URLs under one base: the public URL, a trusted host, or "" for relative ones."""

    base: str = ""

    def session(self, session_id: str) -> str:
        return f"{self.base}/api/v1/sessions/{quote(session_id, safe='')}"

    def file(self, session_id: str, name: str) -> str:
        return f"{self.session(session_id)}/files/{quote(name, safe='')}"

    def result(self, name: str) -> str:
        return f"{self.base}/api/v1/files/downloads/{quote(name, safe='')}"

    def preview(self, session_id: str, name: str) -> str:
        return self.file(session_id, name) + "/preview"


def message_item(message: Message, agent: str) -> Item:
    return {
        "type": "message",
        "id": message.id,
        "message_id": message.id,
        "session_id": message.session_id,
        "message": message.text,
        "timestamp": times.canonical(message.timestamp),
        "state": STATES.get(message.state, message.state),
        "attachments": list(message.attachments),
        "job_id": message.job_id,
        "client_msg_id": message.client_msg_id,
        "agent": agent,
    }


def inbox_item(delivery: Delivery) -> Item:
    message = delivery.message
    return {
        "id": message.id,
        "session_id": message.session_id,
        "chat_id": delivery.chat_id,
        "message": message.text,
        "timestamp": times.canonical(message.timestamp),
        "uid": delivery.uid or None,
        "receipt": delivery.receipt,
        "attempt": delivery.attempt,
        "lease_expires_at": delivery.lease_expires_at,
        "agent": delivery.agent,
        "attachments": list(message.attachments),
    }


def response_item(response: Response, files: Sequence[Item] = ()) -> Item:
    """`response_data` is always text, because old pages print it."""
    metadata = dict(response.metadata)
    return {
        "type": "response",
        "id": response.id,
        "session_id": response.session_id,
        "response": response.text,
        "response_data": response.text,
        "html": html(response.text),
        "message_id": response.message_id,
        "kind": response.kind,
        "timestamp": times.canonical(response.timestamp),
        "attachments": list(files),
        "job_id": metadata.get("job_id"),
        "preview": metadata.get("preview"),
        "buttons": metadata.get("buttons", []),
        "metadata": metadata,
        "response_id": metadata.get("response_id") or response.id,
        "incomplete": metadata.get("incomplete") is True,
    }


def stream_item(stream: Stream, text: str) -> Item:
    """What a reader who comes in the middle is shown, and where the next pieces go on."""
    return {
        "response_id": stream.response_id,
        "session_id": stream.session_id,
        "message_id": stream.message_id,
        "kind": stream.kind,
        "agent": stream.agent,
        "response": text,
        "offset": stream.length,
        "sequence": stream.sequence,
        "timestamp": times.canonical(stream.created_at),
    }


def file_item(file: Attachment, links: Links) -> Item:
    return {
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "sha256": file.sha256,
        "kind": file.kind,
        "rows": file.rows,
        "columns": None if file.columns is None else list(file.columns),
        "download_url": links.file(file.session_id, file.name),
        "preview_url": links.preview(file.session_id, file.name),
        "created_at": times.canonical(file.created_at),
        "error": file.error,
        "error_code": file.error_code,
    }


def job_item(job: Job, outputs: Sequence[Attachment], links: Links) -> Item:
    return {
        "job_id": job.id,
        "session_id": job.session_id,
        "message_id": job.message_id,
        "command": job.command,
        "file": job.file,
        "status": job.status,
        "attempts": job.attempts,
        "steps": [
            {
                "index": step.index,
                "operation": step.operation,
                "title": step.title,
                "arguments": dict(step.arguments),
                "status": step.status,
                "rows_in": step.rows_in,
                "rows_out": step.rows_out,
            }
            for step in job.steps
        ],
        "progress": dict(job.progress),
        "cancel_requested": job.cancel_requested,
        "error": job.error,
        "error_code": job.error_code,
        "result": dict(job.result),
        "outputs": [file_item(file, links) for file in outputs],
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }


def event_item(event: Event) -> Item:
    return {
        "seq": event.seq,
        "session_id": event.session_id,
        "kind": event.kind,
        "data": dict(event.data),
        "created_at": event.created_at,
    }


def session_item(session: Session) -> Item:
    return {
        "session_id": session.session_id,
        "chat_id": session.chat_id,
        "uid": session.uid,
        "title": session.title,
        "status": session.status,
        "created_at": times.canonical(session.created_at),
        "last_activity": times.canonical(session.last_activity),
    }


def overview_item(found: SessionOverview) -> Item:
    """A founding server's row, and ours beside it."""
    return {
        "id": found.session_id,
        "session_id": found.session_id,
        "chat_id": found.chat_id,
        "uid": found.uid,
        "title": found.title,
        "status": found.status,
        "created_at": times.canonical(found.created_at),
        "last_active": times.canonical(found.last_activity),
        "last_activity": times.canonical(found.last_activity),
        "ip_address": found.ip_address,
        "user_agent": found.user_agent,
        "metadata": found.metadata,
        "message_count": found.message_count,
        "response_count": found.response_count,
    }
