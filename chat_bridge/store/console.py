from dataclasses import dataclass

from chat_bridge.model import Answered, Listed, Response, Visiting
from chat_bridge.ports import ResponseFilter, SessionFilter
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class ConsoleRows:
    sql: Queries

    def sessions(self, wanted: SessionFilter) -> list[Listed]:
        found = self.sql.sessions_listed(**vars(wanted))
        return [Listed(rows.overview(row), row["name"], row["line"]) for row in found]

    def responses(self, wanted: ResponseFilter) -> list[Answered]:
        found = self.sql.responses_listed(**vars(wanted))
        return [Answered(**dict(row) | {"uid": row["uid"] or ""}) for row in found]

    def response(self, response_id: int) -> Response | None:
        row = self.sql.response_by_id(id=response_id)
        return rows.response(row) if row else None

    def close_session(self, session_id: str, *, now: str) -> bool:
        return bool(self.sql.close_session(session_id=session_id, now=now))

    def reopen_session(self, session_id: str, *, now: str) -> bool:
        return bool(self.sql.reopen_session(session_id=session_id, now=now))

    def visiting(self, session_id: str) -> Visiting:
        row = self.sql.visitor_of_session(session_id=session_id)
        return Visiting(**dict(row)) if row else Visiting(None, None, None)
