from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from chat_bridge.model import Agent, AgentWork
from chat_bridge.ports import AgentChange
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class AgentRows:
    sql: Queries

    @cached_property
    def _shared(self) -> bool:
        """Whether the table is another program's, which says in a column of its own who is
        active; ours are always inactive there."""
        return bool(self.sql.agents_are_shared()[0])

    def all(self) -> list[Agent]:
        listed = self.sql.list_agents_beside_others if self._shared else self.sql.list_agents
        return [rows.agent(row) for row in listed()]

    def change(self, agent_id: int, change: AgentChange, *, now: str) -> bool:
        shared = self.sql.change_agent_beside_others
        save = shared if self._shared else self.sql.change_agent
        changed = save(
            id=agent_id, name=change.name, description=change.description, status=change.status,
            visible_to_users=rows.to_json(list(change.visible_to_users)),
            visible_to_roles=rows.to_json(list(change.visible_to_roles)),
            now=rows.shared_time(now),
        )  # fmt: skip
        return bool(changed)

    def add(self, slug: str, new: AgentChange, *, now: str) -> int:
        values = {
            "slug": slug, "name": new.name, "description": new.description, "status": new.status,
            "visible_to_users": rows.to_json(list(new.visible_to_users)),
            "visible_to_roles": rows.to_json(list(new.visible_to_roles)),
            "now": rows.shared_time(now),
        }  # fmt: skip
        add = self.sql.add_agent_beside_others if self._shared else self.sql.add_agent
        return int(add(**values)["id"])

    def remove(self, agent_id: int) -> bool:
        return bool(self.sql.remove_agent(id=agent_id))

    def took_part(self, agent_id: int) -> bool:
        return bool(self.sql.agent_took_part(id=agent_id)[0])

    def work(self, *, since: str, bound: int) -> Mapping[int | None, AgentWork]:
        waiting = {row["agent_id"]: row for row in self.sql.waiting_by_agent()}
        held = {row["agent_id"]: row["held"] for row in self.sql.held_by_agent()}
        newest = self.sql.messages_by_agent(since=since, bound=bound)
        lately = {row["agent_id"]: tuple(row)[1:] for row in newest}
        return {
            agent: AgentWork(
                waiting[agent]["waiting"] if agent in waiting else 0,
                waiting[agent]["oldest"] if agent in waiting else None,
                held.get(agent, 0),
                *lately.get(agent, ()),
            )
            for agent in waiting.keys() | held.keys() | lately.keys()
        }

    def work_of_worker(self) -> AgentWork:
        row = self.sql.work_of_worker()
        return AgentWork(row["waiting"], row["oldest"], row["held"])

    def mark_polled(self, agent_id: int | None, *, now: str, until: int, boot: str) -> None:
        self.sql.mark_polled(agent_id=agent_id, now=now, until=until, boot=boot)
