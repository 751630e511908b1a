"""Words that should never have been written are taken out of a conversation for good: a notice
stands in their place wherever they were kept, and so wherever they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chat_bridge.domain.audit import Audit
from chat_bridge.domain.sessions import TITLE_CHARACTERS
from chat_bridge.errors import JobRunning, MessageNotFound, NoteNotFound, ResponseNotFound
from chat_bridge.model import ENDED, Message, Note, Response
from chat_bridge.ports import Clock, NewEvent, Store

NOTICE = "[Text removed by an operator]"
NEVER_WORDS = (
    "job_id", "attachments", "author", "resent", "response_id", "incomplete", "error_code",
)  # fmt: skip
Kind = Literal["message", "response", "note"]
Said = Message | Response | Note


@dataclass(frozen=True)
class Redaction:
    store: Store
    clock: Clock
    audit: Audit

    def find(self, session_id: str, kind: Kind, number: int) -> Said:
        """One of this session: what belongs to another one is not there."""
        missing = {
            "message": MessageNotFound(message_id=number),
            "response": ResponseNotFound(),
            "note": NoteNotFound(),
        }
        found = self._read(kind, number)
        if found is None or found.session_id != session_id:
            raise missing[kind]
        return found

    def redact(self, actor: str, session_id: str, kind: Kind, number: int) -> bool:
        """False where the notice stands there already. A command still under way is refused: its
        worker has the words and would write them down again."""
        with self.store.write():
            said = self.find(session_id, kind, number)
            if said.text == NOTICE:
                return False
            self._take_out(said)
            if not isinstance(said, Note):
                self._tell(session_id, kind, number)
            self.audit.write(
                actor, f"{kind}.redact", subject=session_id,
                before=f"{kind} {number}, {len(said.text):,} characters", after="text removed",
            )  # fmt: skip
        return True

    def _read(self, kind: Kind, number: int) -> Said | None:
        if kind == "message":
            return self.store.messages.find(number)
        if kind == "response":
            return self.store.console.response(number)
        return self.store.redactions.note(number)

    def _take_out(self, said: Said) -> None:
        if isinstance(said, Message):
            self._check_job(said.job_id)
            title = said.text[:TITLE_CHARACTERS]
            self.store.redactions.message(said, NOTICE, title=title, now=self.clock.now())
        elif isinstance(said, Response):
            metadata = _without_words(said.metadata)
            job_id = metadata.get("job_id")
            self.store.redactions.response(
                said, NOTICE, metadata=metadata, job_id=job_id if isinstance(job_id, str) else None
            )
        else:
            self.store.redactions.erase_note(said, NOTICE)

    def _check_job(self, job_id: str | None) -> None:
        job = self.store.jobs.find(job_id) if job_id else None
        if job is not None and job.status not in ENDED:
            raise JobRunning(status=job.status)

    def _tell(self, session_id: str, kind: Kind, number: int) -> None:
        """Pages that are open now show the notice at once."""
        facts = {"redacted": {"type": kind, "id": number, "text": NOTICE}}
        now = self.clock.now()
        self.store.events.add(NewEvent(session_id, "session.updated", now, payload=facts))


def _without_words(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {name: metadata[name] for name in NEVER_WORDS if name in metadata}
