from dataclasses import dataclass

from chat_bridge.model import Agent
from chat_bridge.ports import AgentChange
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class AgentRows:
    sql: Queries

    def all(self) -> list[Agent]:
        return [rows.agent(row) for row in self.sql.list_agents()]

    def change(self, agent_id: int, change: AgentChange, *, now: str) -> bool:
        changed = self.sql.change_agent(
            id=agent_id, name=change.name, description=change.description, status=change.status,
            visible_to_users=rows.to_json(list(change.visible_to_users)),
            visible_to_roles=rows.to_json(list(change.visible_to_roles)), now=now,
        )  # fmt: skip
        return bool(changed)

    def mark_polled(self, agent_id: int | None, *, now: str, until: int, boot: str) -> None:
        self.sql.mark_polled(agent_id=agent_id, now=now, until=until, boot=boot)
