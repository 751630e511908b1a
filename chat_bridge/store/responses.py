import json
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.model import Response
from chat_bridge.ports import ResponseRow
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class ResponseRows:
    sql: Queries

    def add(self, new: ResponseRow) -> int:
        values = vars(new) | {"metadata": rows.to_json(new.metadata)}
        return int(self.sql.add_response(**values)["id"])

    def by_key(self, session_id: str, idempotency_key: str) -> tuple[Response, str | None] | None:
        row = self.sql.response_by_key(session_id=session_id, idempotency_key=idempotency_key)
        return (rows.response(row), row["body_hash"]) if row else None

    def since(self, session_id: str, day: str, limit: int, characters: int) -> list[Response]:
        """Oldest first; of more than the limits the newest, which a poller has not seen yet."""
        found = self.sql.responses_since(
            session_id=session_id, day=day, limit=limit, characters=characters
        )
        return [rows.response(row) for row in reversed(found)]

    def page(self, session_id: str, before: str | None, limit: int) -> list[Response]:
        found = self.sql.responses_of_session(session_id=session_id, before=before, limit=limit)
        return [rows.response(row) for row in found]

    def after(self, session_id: str, after: str, limit: int) -> list[Response]:
        found = self.sql.responses_after(session_id=session_id, after=after, limit=limit)
        return [rows.response(row) for row in found]

    def undelivered(self, ids: Sequence[int]) -> list[int]:
        return [row["id"] for row in self.sql.undelivered_responses(ids=json.dumps(ids))]

    def deliver(self, ids: Sequence[int]) -> None:
        self.sql.deliver_responses(ids=json.dumps(ids))
