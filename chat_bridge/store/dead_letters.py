import sqlite3
from dataclasses import dataclass

from chat_bridge.model import DeadGroup, DeadLetter, LetterKind
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class DeadRows:
    sql: Queries

    def groups(self) -> list[DeadGroup]:
        found = self.sql.dead_reasons()
        return [DeadGroup(row["kind"], row["reason"], row["letters"]) for row in found]

    def letters(
        self, kind: LetterKind, reason: str | None, *, after: int, limit: int
    ) -> list[DeadLetter]:
        if kind == "job":
            found = self.sql.dead_letters_jobs(reason=reason, after=after, limit=limit)
        else:
            found = self.sql.dead_letters_messages(reason=reason, after=after, limit=limit)
        return [_letter(kind, row) for row in found]

    def find(self, kind: LetterKind, letter_id: int) -> DeadLetter | None:
        job = kind == "job"
        row = self.sql.dead_job(id=letter_id) if job else self.sql.dead_message(id=letter_id)
        return _letter(kind, row) if row else None

    def discarded(self, limit: int) -> list[DeadLetter]:
        return [_letter(row["kind"], row) for row in self.sql.discarded_letters(limit=limit)]

    def discard(self, kind: LetterKind, letter_id: int, why: str | None) -> bool:
        if kind == "job":
            return bool(self.sql.discard_job(id=letter_id, reason=why))
        return bool(self.sql.discard_message(id=letter_id, reason=why))


def _letter(kind: LetterKind, row: sqlite3.Row) -> DeadLetter:
    return DeadLetter(
        kind=kind,
        id=row["id"],
        session_id=row["session_id"],
        text=row["text"],
        reason=row["reason"],
        attempts=row["attempts"],
        created_at=row["created_at"],
        agent_id=row["agent_id"],
        job_id=row["job_id"],
    )
