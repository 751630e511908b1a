from dataclasses import dataclass

from chat_bridge.model import Agent
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class AgentRows:
    sql: Queries

    def all(self) -> list[Agent]:
        return [rows.agent(row) for row in self.sql.list_agents()]

    def mark_polled(self, agent_id: int | None, *, now: str, until: int, boot: str) -> None:
        self.sql.mark_polled(agent_id=agent_id, now=now, until=until, boot=boot)
