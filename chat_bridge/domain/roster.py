"""The agents as administrators arrange them: made, changed and removed, each time audited."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chat_bridge.domain.agents import DEFAULT, Agents, stored_id
from chat_bridge.domain.audit import Audit
from chat_bridge.errors import AgentExists, AgentInUse, AgentStays, InvalidField, StaleEdit
from chat_bridge.model import Agent, AgentWork
from chat_bridge.ports import AgentChange, Clock, Store

SLUG = re.compile(r"[a-z][a-z0-9-]{0,62}")
LONGEST_NAME, LONGEST_ABOUT = 100, 1_000
DAY_MS = 86_400_000
MESSAGES_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Roster:
    store: Store
    clock: Clock
    agents: Agents
    audit: Audit

    def work(self) -> Mapping[int, AgentWork]:
        """What each agent has before it, by its id."""
        since = self.clock.text(self.clock.now_ms() - DAY_MS)
        found = self.store.agents.work(since=since, bound=MESSAGES_LOOKED_AT)
        shown = {}
        for agent in self.agents.all():
            work = found.get(stored_id(agent), AgentWork())
            if agent.built_in:
                jobs = self.store.agents.work_of_worker()
                work = AgentWork(jobs.waiting, jobs.oldest, jobs.held, work.lately)
            shown[agent.id] = work
        return shown

    def add(self, slug: str, new: AgentChange, actor: str) -> Agent:
        if not SLUG.fullmatch(slug):
            reason = "a letter, then letters, digits and hyphens, all small, at most 63"
            raise InvalidField(field="slug", reason=reason)
        _check(new)
        with self.store.write():
            if any(agent.slug == slug for agent in self.store.agents.all()):
                raise AgentExists(agent=slug)
            self.store.agents.add(slug, new, now=self.clock.now())
            self.audit.write(actor, "agent add", subject=slug, after=_told(new))
        self.agents.read_again()
        return self.agents.resolve(slug)

    def change(
        self, agent_id: int, changed: Callable[[Agent], AgentChange], actor: str, *,
        seen: str | None = None,
    ) -> Agent:  # fmt: skip
        """`changed` says what becomes of the agent that is stored now. `seen` is its `fingerprint`
        as it was shown: when somebody else has saved since, nothing is changed."""
        with self.store.write():
            self.agents.read_again()
            old = self.agents.resolve(str(agent_id))
            change = changed(old)
            _check(change, old)
            if seen is not None and seen != fingerprint(old):
                raise StaleEdit
            self.agents.change(agent_id, change)
            for name, after in vars(change).items():
                before, now = _text(getattr(old, name)), _text(after)
                if before != now:
                    subject = f"{old.slug}: {name}"
                    self.audit.write(
                        actor, "agent change", subject=subject, before=before, after=now
                    )
        self.agents.read_again()
        return self.agents.resolve(str(agent_id))

    def remove(self, agent_id: int, actor: str) -> None:
        """Only one that nobody ever talked to: history would lose its name. Its keys end."""
        with self.store.write():
            self.agents.read_again()
            agent = self.agents.resolve(str(agent_id))
            if agent.built_in or agent.slug == DEFAULT:
                raise AgentStays(agent=agent.slug)
            if self.store.agents.took_part(agent.id):
                raise AgentInUse(agent=agent.slug)
            for key in self.store.keys.all():
                if key.agent_id == agent.id and not key.revoked_at:
                    self.audit.write(actor, "key revoke", subject=key.prefix, after="revoked")
            self.store.agents.remove(agent.id)
            self.audit.write(actor, "agent remove", subject=agent.slug, before=agent.name)
        self.agents.read_again()


def fingerprint(agent: Agent) -> str:
    """What an administrator may change of an agent, in short."""
    told = [agent.name, agent.description, agent.status, *map(_text, _lists(agent))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _lists(agent: Agent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return agent.visible_to_users, agent.visible_to_roles


def _check(change: AgentChange, old: Agent | None = None) -> None:
    """What another program has written is let be."""
    named = old is None or change.name != old.name
    if named and not (change.name.strip() and len(change.name) <= LONGEST_NAME):
        raise InvalidField(field="name", reason=f"1 to {LONGEST_NAME} characters")
    told = old is None or change.description != old.description
    if told and len(change.description) > LONGEST_ABOUT:
        raise InvalidField(field="description", reason=f"at most {LONGEST_ABOUT:,} characters")


def _told(new: AgentChange) -> str:
    return "; ".join(f"{name}: {_text(value)}" for name, value in vars(new).items() if value)


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
