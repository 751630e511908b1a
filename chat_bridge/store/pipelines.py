from dataclasses import dataclass

from chat_bridge.model import Pipeline
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class PipelineRows:
    sql: Queries

    def owner(self, session_id: str) -> str | None:
        row = self.sql.owner_of_pipelines(session_id=session_id)
        return str(row[0]) if row else None

    def put(self, owner: str, name: str, command: str, *, now: str) -> None:
        self.sql.save_pipeline(owner=owner, name=name, command=command, now=now)

    def find(self, owner: str, name: str) -> Pipeline | None:
        row = self.sql.find_pipeline(owner=owner, name=name)
        return Pipeline(row["name"], row["command"], row["updated_at"]) if row else None

    def all(self, owner: str) -> list[Pipeline]:
        found = self.sql.pipelines_of(owner=owner)
        return [Pipeline(row["name"], row["command"], row["updated_at"]) for row in found]

    def remove(self, owner: str, name: str) -> bool:
        return bool(self.sql.forget_pipeline(owner=owner, name=name))
