from dataclasses import dataclass

from chat_bridge.model import OldLine, OldSession
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class ImportRows:
    """Each says whether the row is new."""

    sql: Queries

    def add_session(
        self, session: OldSession, *, chat_id: str, uid: str, created_at: str, last_activity: str
    ) -> bool:
        return bool(self.sql.import_session(
            session_id=session.session_id, chat_id=chat_id, uid=uid, created_at=created_at,
            last_activity=last_activity, ip_address=session.ip_address,
            metadata=session.metadata or "{}",
        ))  # fmt: skip

    def add_message(self, line: OldLine, *, key: str, stamp: str) -> bool:
        return bool(self.sql.import_message(
            session_id=line.session_id, message=line.text, key=key, stamp=stamp,
            state="done" if line.done else "pending", processed=int(line.done),
        ))  # fmt: skip

    def add_response(self, line: OldLine, *, key: str, response_id: str, stamp: str) -> bool:
        return bool(self.sql.import_response(
            session_id=line.session_id, response=line.text, message_id=line.answers, key=key,
            response_id=response_id, stamp=stamp,
        ))  # fmt: skip

    def raise_stamp(self, session_id: str, stamp: int) -> None:
        self.sql.raise_stamp(session_id=session_id, stamp=stamp)
