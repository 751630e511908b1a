"""A visitor's message: stored with its session, its event and, for a command, its job in one
commit, once, however often the client retries."""

import hashlib
import json
from dataclasses import dataclass, replace

from chat_bridge.domain import switching
from chat_bridge.domain.agents import Agents, stored_id
from chat_bridge.domain.guests import Guests
from chat_bridge.domain.jobs import Jobs
from chat_bridge.domain.sessions import Entry, Sessions
from chat_bridge.errors import AgentNotFound, FileNotFound, IdempotencyConflict
from chat_bridge.model import Agent, Message, NewMessage, Session, Visitor
from chat_bridge.ports import Clock, MessageRow, NewEvent, Store


@dataclass(frozen=True)
class Accepted:
    """`token` is the session's new secret, when this call opened it; `repeated` marks a retry."""

    message: Message
    session: Session
    token: str | None
    agent: str
    repeated: bool = False


@dataclass(frozen=True)
class Messages:
    store: Store
    clock: Clock
    sessions: Sessions
    agents: Agents
    jobs: Jobs
    guests: Guests | None = None

    def accept(self, new: NewMessage, visitor: Visitor) -> Accepted:
        wanted = self._wanted(new, visitor)
        body_hash = _hash(new) if new.client_msg_id else None
        with self.store.write():
            if earlier := self._earlier(new):
                session = self.sessions.enter_again(earlier.session_id, visitor)
                return self._repeat(earlier, body_hash, session, visitor)
            before = self.store.sessions.find(new.session_id) if wanted else None
            entry = self.sessions.enter(new.session_id, visitor, agent=wanted, title=new.text)
            self._check_attachments(new)
            if self.guests:
                self.guests.check(entry.session, visitor)
            agent = wanted or self._current(entry.session, visitor)
            if before and (old := self.agents.by_id(before.agent_id)).id != agent.id:
                entry = self._switch(entry, old, agent)
            message = self._add(new, entry, agent, body_hash)
        return Accepted(message, entry.session, entry.token, agent.slug)

    def _wanted(self, new: NewMessage, visitor: Visitor) -> Agent | None:
        """Whom the message names. An old client names whoever its page shows, agents there are
        none of here: its message is kept for the session's own agent."""
        if not new.agent:
            return None
        try:
            return self.agents.chosen(new.agent, visitor.person)
        except AgentNotFound:
            session = self.store.sessions.find(new.session_id)
            if self.agents.exists(new.agent) or (session and session.from_page):
                raise
            return None

    def _current(self, session: Session, visitor: Visitor) -> Agent:
        """An agent that was closed to this person since does not get what our page says to it;
        an old client has no other to turn to."""
        agent = self.agents.by_id(session.agent_id)
        if session.from_page and not agent.visible_to(visitor.person):
            raise AgentNotFound(agent=agent.slug)
        return agent

    def _switch(self, entry: Entry, old: Agent, new: Agent) -> Entry:
        """The announcement takes the stamp, the message the next one."""
        now_ms, said = self.clock.now_ms(), self.clock.text(entry.stamp)
        switching.announce(self.store, entry.session.session_id, old, new, timestamp=said)
        now = self.clock.text(now_ms)
        stamp = self.store.sessions.stamp(entry.session.session_id, now=now, now_ms=now_ms)
        return replace(entry, stamp=stamp or entry.stamp)

    def _earlier(self, new: NewMessage) -> Message | None:
        if not new.client_msg_id:
            return None
        return self.store.messages.by_client_id(new.session_id, new.client_msg_id)

    def _repeat(
        self, earlier: Message, body_hash: str | None, session: Session, visitor: Visitor
    ) -> Accepted:
        if earlier.body_hash not in (None, body_hash):  # None: its words were removed
            raise IdempotencyConflict
        token = self.sessions.renew_token(session, visitor)
        agent = self.agents.by_id(earlier.agent_id).slug
        return Accepted(earlier, session, token, agent, repeated=True)

    def _add(self, new: NewMessage, entry: Entry, agent: Agent, body_hash: str | None) -> Message:
        job_id = None
        if agent.built_in or new.text.startswith("/"):
            job_id = self.jobs.queue(new.session_id, new.text, file=_last(new.attachments))
        row = MessageRow(
            session_id=new.session_id, message=new.text, client_msg_id=new.client_msg_id,
            body_hash=body_hash, timestamp=self.clock.text(entry.stamp),
            client_timestamp=new.client_timestamp, uid=entry.session.uid,
            is_new_user=entry.created, agent_id=stored_id(agent),
            attachments=new.attachments, job_id=job_id,
        )  # fmt: skip
        message_id = self.store.messages.add(row)
        self._tell(row, message_id, agent.slug)
        if job_id:
            self.jobs.announce(job_id, new.session_id, message_id)
        return Message(
            id=message_id, session_id=row.session_id, text=row.message, timestamp=row.timestamp,
            uid=row.uid, is_new_user=row.is_new_user, agent_id=row.agent_id, state="pending",
            attempts=0, attachments=new.attachments, client_msg_id=row.client_msg_id,
            job_id=job_id,
        )  # fmt: skip

    def _tell(self, row: MessageRow, message_id: int, agent: str) -> None:
        event = NewEvent(
            row.session_id, "message.created", row.timestamp,
            message_id=message_id, job_id=row.job_id, payload={"agent": agent},
        )  # fmt: skip
        self.store.events.add(event)

    def _check_attachments(self, new: NewMessage) -> None:
        for name in new.attachments:
            if self.store.attachments.find(new.session_id, name) is None:
                raise FileNotFound(name=name)


def _hash(new: NewMessage) -> str:
    body = replace(new, client_timestamp=None)
    return hashlib.sha256(json.dumps(vars(body), sort_keys=True).encode()).hexdigest()


def _last(names: tuple[str, ...]) -> str | None:
    return names[-1] if names else None
