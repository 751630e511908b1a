"""Who may answer: the built-in agent (our worker) and outside agents that poll the inbox."""

import time
from collections.abc import Sequence

from chat_bridge.errors import AgentNotFound
from chat_bridge.model import Agent, Person, Session
from chat_bridge.ports import AgentChange, Clock, Store

DEFAULT = "default"
REMEMBERED_SECONDS = 2.0
POLLED_MS = 60_000
MARK_EVERY_MS = 10_000


def stored_id(agent: Agent) -> int | None:
    """As messages name their agent; the default one is NULL."""
    return None if agent.slug == DEFAULT else agent.id


class Agents:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._known: Sequence[Agent] = ()
        self._read_at = float("-inf")

    def all(self) -> Sequence[Agent]:
        if time.monotonic() - self._read_at > REMEMBERED_SECONDS:
            self._known = self._store.agents.all()
            self._read_at = time.monotonic()
        return self._known

    def resolve(self, name: str) -> Agent:
        """An agent by slug or by id."""
        found = self._named(name)
        if found is None:
            raise AgentNotFound(agent=name)
        return found

    def exists(self, name: str) -> bool:
        return self._named(name) is not None

    def _named(self, name: str) -> Agent | None:
        return next((a for a in self.all() if a.slug == name or str(a.id) == name), None)

    def now(self) -> Sequence[Agent]:
        """As they are stored, whichever process has changed them."""
        self.read_again()
        return self.all()

    def visible_to(self, person: Person | None) -> Sequence[Agent]:
        """Whom somebody, or a guest, may choose."""
        return [agent for agent in self.now() if agent.visible_to(person)]

    def chosen(self, name: str, person: Person | None) -> Agent:
        """Whom somebody asks for; one they may not see is none."""
        self.read_again()
        agent = self.resolve(name)
        if not agent.visible_to(person):
            raise AgentNotFound(agent=name)
        return agent

    def change(self, agent_id: int, change: AgentChange) -> None:
        with self._store.write():
            if not self._store.agents.change(agent_id, change, now=self._clock.now()):
                raise AgentNotFound(agent=str(agent_id))
        self.read_again()

    def read_again(self) -> None:
        """Somebody in this process has changed them; other processes see it in two seconds."""
        self._read_at = float("-inf")

    def by_id(self, agent_id: int | None) -> Agent:
        """None is the default agent, which every old client's message goes to."""
        for agent in self.all():
            if agent.id == agent_id:
                return agent
        return self.resolve(DEFAULT)

    def took_part(self, agent_id: int, session: Session) -> bool:
        """Whether a session is with an agent, or was: its visitor may have turned to another one
        while the answer was on its way."""
        agent = self.by_id(agent_id)
        if self.by_id(session.agent_id).id == agent.id:
            return True
        return self._store.messages.any_to(session.session_id, stored_id(agent))

    def answering(self, agent: Agent) -> bool:
        """Whether somebody has polled for it lately or holds one of its messages; for the
        built-in agent, whether a worker lives."""
        now, boot = self._clock.boot_ms(), self._clock.boot_id()
        if agent.built_in:
            return self._store.jobs.live_workers(now, boot) > 0
        if agent.polled_until > now and agent.polled_boot == boot:
            return True
        return self._store.inbox.holds_any(stored_id(agent), now, boot)

    def polled(self, agent: Agent | None) -> None:
        """Remembers, now and then, that an agent (None: any of them) asked for its messages."""
        now, boot = self._clock.boot_ms(), self._clock.boot_id()
        fresh = now + POLLED_MS - MARK_EVERY_MS
        asked = [agent] if agent else [known for known in self.all() if not known.built_in]
        if all(known.polled_until > fresh and known.polled_boot == boot for known in asked):
            return
        with self._store.write():
            self._store.agents.mark_polled(
                agent.id if agent else None,
                now=self._clock.now(),
                until=now + POLLED_MS,
                boot=boot,
            )
        self.read_again()
