import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from chat_bridge.model import Claim, Conversation, Message, Note, Resolution, Snooze, Waiting
from chat_bridge.ports import Moment, WaitingFilter
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries

OPERATOR = "operator:"


@dataclass(frozen=True)
class DeskRows:
    sql: Queries

    def waiting(self, wanted: WaitingFilter, at: Moment) -> list[Conversation]:
        values = vars(wanted)
        values = values | {"claimed": int(wanted.claimed), "snoozed": int(wanted.snoozed)}
        found = self.sql.conversations_waiting(**values, **vars(at))
        return [_conversation(row, at) for row in found]

    def of_person(self, person_id: int, at: Moment, limit: int) -> list[Conversation]:
        found = self.sql.conversations_of_person(person_id=person_id, limit=limit, **vars(at))
        return [_conversation(row, at) for row in found]

    def count(self, at: Moment) -> Waiting:
        row = self.sql.count_conversations_waiting(**vars(at))
        return Waiting(row["waiting"], row["unassigned"], row["oldest"], row["snoozed"])

    def count_of_person(self, person_id: int, at: Moment) -> int:
        return int(self.sql.count_conversations_of_person(person_id=person_id, **vars(at))[0])

    def take(self, claim: Claim, now: int) -> bool:
        values = vars(claim) | {"until": claim.active_until, "now": now}
        del values["active_until"]
        return bool(self.sql.take_conversation(**values))

    def claim_of(self, session_id: str, at: Moment) -> Claim | None:
        row = self.sql.claim_of_session(session_id=session_id, **vars(at))
        return Claim(**dict(row)) if row else None

    def release(self, session_id: str) -> bool:
        return bool(self.sql.end_claim(session_id=session_id))

    def open_messages(self, session_id: str) -> list[Message]:
        return [
            rows.message(row) for row in self.sql.open_messages_of_session(session_id=session_id)
        ]

    def add_note(self, session_id: str, *, username: str, note: str, now: str) -> None:
        self.sql.add_note(session_id=session_id, username=username, note=note, now=now)

    def notes(self, session_id: str, before: str | None, limit: int) -> list[Note]:
        found = self.sql.notes_of_session(session_id=session_id, before=before, limit=limit)
        return [rows.note(row) for row in found]

    def sign(self, response_id: int, username: str) -> None:
        self.sql.sign_response(id=response_id, username=username)

    def signatures(self, session_id: str, before: str | None, limit: int) -> Mapping[int, str]:
        found = self.sql.signatures_of_session(session_id=session_id, before=before, limit=limit)
        return {row["id"]: row["operator"] for row in found}

    def snooze(self, snooze: Snooze, at: Moment, *, until: int, last_id: int) -> None:
        self.sql.snooze_conversation(**vars(snooze), until=until, boot=at.boot, last_id=last_id)

    def wake(self, session_id: str) -> bool:
        return bool(self.sql.end_snooze(session_id=session_id))

    def snooze_of(self, session_id: str, at: Moment) -> Snooze | None:
        row = self.sql.snooze_of_session(session_id=session_id, **vars(at))
        return Snooze(**dict(row)) if row else None

    def news(self, session_id: str, person_id: int) -> tuple[int, int] | None:
        row = self.sql.news_of_session(session_id=session_id, person_id=person_id)
        newest = row["message_id"], row["note_id"]
        return None if newest == (row["seen_message"], row["seen_note"]) else newest

    def look(self, session_id: str, person_id: int, seen: tuple[int, int]) -> None:
        self.sql.look_at_session(
            session_id=session_id, person_id=person_id, message_id=seen[0], note_id=seen[1]
        )

    def resolve(self, resolution: Resolution) -> None:
        values = vars(resolution) | {"message_ids": json.dumps(resolution.message_ids)}
        self.sql.resolve_conversation(**values)

    def resolution_of(self, session_id: str) -> Resolution | None:
        row = self.sql.resolution_of_session(session_id=session_id)
        if row is None:
            return None
        return Resolution(**dict(row) | {"message_ids": tuple(json.loads(row["message_ids"]))})

    def end_resolution(self, session_id: str) -> bool:
        return bool(self.sql.end_resolution(session_id=session_id))

    def reopen_message(self, message_id: int) -> bool:
        return bool(self.sql.reopen_message(id=message_id))

    def newest_response(self, session_id: str) -> int:
        return int(self.sql.newest_response_of_session(session_id=session_id)[0])


def _conversation(row: sqlite3.Row, at: Moment) -> Conversation:
    holder = row["leased_by"] or ""
    leased = row["lease_until"] is not None and row["lease_until"] > at.now
    names = ("session_id", "person_id", "username", "claimed_at", "active_until", "boot")
    claim = Claim(**{name: row[name] for name in names}) if row["person_id"] else None
    return Conversation(
        session_id=row["session_id"],
        first_id=row["first_id"],
        open_count=row["open_count"],
        title=row["title"],
        uid=row["uid"] or "",
        participant_name=row["participant_name"],
        agent_id=row["agent_id"],
        last_activity=row["last_activity"],
        since=row["since"],
        line=row["line"],
        answering=bool(holder)
        and not holder.startswith(OPERATOR)
        and leased
        and row["lease_boot"] == at.boot,
        claim=claim,
        wakes_at=row["wakes_at"],
        unread=row["unread"],
        tags=tuple(sorted(json.loads(row["tags"]))),
    )
