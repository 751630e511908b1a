from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat_bridge.model import Message, Note, Response
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class RedactionRows:
    sql: Queries

    def note(self, note_id: int) -> Note | None:
        row = self.sql.note_by_id(id=note_id)
        return rows.note(row) if row else None

    def message(self, message: Message, notice: str, *, title: str, now: str) -> None:
        self.sql.redact_message(id=message.id, session_id=message.session_id, notice=notice)
        self.sql.redact_title(session_id=message.session_id, title=title, now=now)
        self.sql.redact_steps(message_id=message.id)
        self.sql.redact_suggestions(session_id=message.session_id, message_id=str(message.id))
        self.sql.redact_command(message_id=message.id, notice=notice)

    def response(
        self, response: Response, notice: str, *, metadata: Mapping[str, Any], job_id: str | None
    ) -> None:
        self.sql.redact_response(
            id=response.id, session_id=response.session_id, notice=notice,
            metadata=rows.to_json(metadata),
        )  # fmt: skip
        if job_id:
            self.sql.redact_outcome(job_id=job_id, session_id=response.session_id, notice=notice)

    def erase_note(self, note: Note, notice: str) -> None:
        self.sql.redact_note(id=note.id, session_id=note.session_id, notice=notice)
