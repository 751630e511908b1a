from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat_bridge.model import Session, SessionOverview
from chat_bridge.ports import Opened, Opening
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class SessionRows:
    sql: Queries

    def touch(self, opening: Opening) -> tuple[Session, int]:
        row = self.sql.touch_session(**vars(opening))
        return rows.session(row), row["last_stamp"]

    def stamp(self, session_id: str, *, now: str, now_ms: int) -> int | None:
        row = self.sql.stamp_session(session_id=session_id, now=now, now_ms=now_ms)
        return row["last_stamp"] if row else None

    def find(self, session_id: str) -> Session | None:
        row = self.sql.find_session(session_id=session_id)
        return rows.session(row) if row else None

    def opened(self, open_key: str) -> Opened | None:
        row = self.sql.find_opening(open_key=open_key)
        return Opened(**row) if row else None

    def remember_opening(self, open_key: str, opened: Opened) -> None:
        self.sql.add_opening(open_key=open_key, **vars(opened))

    def bind(self, session_id: str) -> None:
        self.sql.bind_session(session_id=session_id)

    def replace_token(self, session_id: str, token_hash: str) -> bool:
        return bool(self.sql.replace_session_token(session_id=session_id, token_hash=token_hash))

    def of_token(self, token_hash: str, limit: int) -> list[Session]:
        found = self.sql.sessions_of_token(token_hash=token_hash, limit=limit)
        return [rows.session(row) for row in found]

    def of_user(self, user_id: int, limit: int) -> list[Session]:
        found = self.sql.sessions_of_user(user_id=user_id, limit=limit)
        return [rows.session(row) for row in found]

    def claim(self, token_hash: str, user_id: int, *, now: str) -> int:
        return int(self.sql.claim_sessions(token_hash=token_hash, user_id=user_id, now=now))

    def rename(self, session_id: str, title: str, *, now: str) -> None:
        self.sql.rename_session(session_id=session_id, title=title, now=now)

    def pin(self, session_id: str, on: bool) -> None:
        (self.sql.pin_session if on else self.sql.unpin_session)(session_id=session_id)

    def pinned(self, session_ids: Sequence[str]) -> list[str]:
        found = self.sql.pinned_among(session_ids=rows.to_json(session_ids))
        return [row["session_id"] for row in found]

    def said(self, session_ids: Sequence[str], words: str, limit: int) -> dict[str, str]:
        found = self.sql.said_in_sessions(
            session_ids=rows.to_json(session_ids), words=rows.containing(words), limit=limit
        )
        return {row["session_id"]: row["text"] for row in found}

    def said_as_guest(self, token_hash: str) -> int:
        return int(self.sql.said_as_guest(token_hash=token_hash)[0])

    def watched(self, session_id: str, *, now: str) -> None:
        self.sql.watched_session(session_id=session_id, now=now)

    def expire(self, before: str) -> int:
        return int(self.sql.expire_sessions(before=before))

    def idle(self, before: str, limit: int) -> list[Session]:
        return [rows.session(row) for row in self.sql.idle_sessions(before=before, limit=limit)]

    def erase(self, session_id: str) -> bool:
        self.sql.forget_pipelines_of_session(session_id=session_id)
        self.sql.erase_responses(session_id=session_id)
        self.sql.erase_messages(session_id=session_id)
        return bool(self.sql.erase_session(session_id=session_id))

    def overviews(self, since: str, limit: int, offset: int) -> list[SessionOverview]:
        found = self.sql.session_overviews(since=since, limit=limit, offset=offset)
        return [rows.overview(row) for row in found]

    def overview(self, session_id: str) -> SessionOverview | None:
        row = self.sql.session_overview(session_id=session_id)
        return rows.overview(row) if row else None

    def count(self, since: str) -> int:
        return int(self.sql.count_sessions(since=since)[0])

    def count_everything(self) -> Mapping[str, int]:
        return dict(self.sql.count_everything())
