from dataclasses import dataclass

from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class TagRows:
    sql: Queries

    def of_session(self, session_id: str) -> list[str]:
        return [row["tag"] for row in self.sql.tags_of_session(session_id=session_id)]

    def in_use(self, limit: int) -> list[str]:
        return [row["tag"] for row in self.sql.tags_in_use(limit=limit)]

    def add(self, session_id: str, tag: str, *, username: str, now: str) -> None:
        self.sql.add_tag(session_id=session_id, tag=tag, username=username, now=now)

    def remove(self, session_id: str, tag: str) -> None:
        self.sql.remove_tag(session_id=session_id, tag=tag)
