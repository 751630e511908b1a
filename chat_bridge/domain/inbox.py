"""Messages waiting for an agent: each is leased to one holder at a time, in the order of its
session, until it is answered, acknowledged, given back, or its lease runs out.

A *turn* is the pending messages of one session: they go together to one holder, and what is
written meanwhile waits until the holder is done.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chat_bridge.domain import times
from chat_bridge.domain.agents import Agents, stored_id
from chat_bridge.domain.live import LiveSettings
from chat_bridge.errors import AgentNotFound, Forbidden, LeaseLost, MessageNotFound
from chat_bridge.model import Agent, Delivery, Key, LeaseStyle, Message
from chat_bridge.ports import Asking, Clock, Hold, NewEvent, Store

COUNTED_AT_MOST = 10_000
TOTAL_AT_MOST = 4_000  # counting on would make a claim slower the more is waiting
NO_LEASE = "lease ended"


@dataclass(frozen=True)
class Poll:
    """One look into the inbox; `style` tells how the caller says that it is done (6.4), `since`
    (milliseconds since 1970) leaves older messages where they are."""

    key: Key
    limit: int = 50
    lease_seconds: float = 30.0
    agent: str | None = None
    after_id: int = 0
    since: int | None = None
    style: LeaseStyle = "explicit"
    probe: bool = False


@dataclass(frozen=True)
class Page:
    deliveries: Sequence[Delivery]
    total: int


@dataclass(frozen=True)
class Inbox:
    store: Store
    clock: Clock
    agents: Agents
    live: LiveSettings

    def peek(self, poll: Poll) -> Page:
        """What waits, without leasing anything."""
        asking = self._asking(poll)
        found, total = self._waiting(poll, asking, poll.limit)
        return Page([self._delivery(m, None, m.attempts, None) for m in found], total)

    def claim(self, poll: Poll) -> Page:
        """Leases what waits, up to the limit; writes nothing when there is nothing to do."""
        agent = self._agent(poll)
        self.agents.polled(agent)
        asking = self._asking(poll)
        if self._idle(poll, asking):
            return Page([], 0)
        with self.store.write():
            self.sweep()
            again = self._settle_legacy(poll)
            if poll.probe:
                return Page([], self._count(asking))
            found, total = self._waiting(poll, asking, max(poll.limit - len(again), 0))
            leased = [self._lease(message, poll) for message in found]
        return Page([*again, *leased], total + len(again))

    def sweep(self) -> None:
        """Gives back what nobody holds any more; out of attempts, it becomes a dead letter."""
        now, boot = self.clock.boot_ms(), self.clock.boot_id()
        if not self.store.inbox.any_ended(now, boot):
            return
        with self.store.write():
            for message in self.store.inbox.ended(now, boot):
                if message.lease_style == "operator":  # busy elsewhere: no failed attempt
                    self._refund(message)
                else:
                    self._give_back(message, NO_LEASE)

    def acknowledge(self, key: Key, names: Sequence[str | int]) -> list[int]:
        """Done with these leases (receipts or message ids): all of them, or none. Saying so twice
        is no fault: the first answer may have been lost."""
        return self._each(key, names, lambda m: self._finish(m, "acked"), also_done=True)

    def give_back(
        self, key: Key, names: Sequence[str | int], *, delay_seconds: float, reason: str
    ) -> list[int]:
        def release(message: Message) -> None:
            self._give_back(message, reason, delay_seconds)

        return self._each(key, names, release)

    def extend(self, key: Key, names: Sequence[str | int], lease_seconds: float) -> str:
        """A longer lease for each; returns when it will end, as wire text."""

        def prolong(message: Message) -> None:
            until = self.clock.boot_ms() + int(lease_seconds * 1000)
            self.store.inbox.extend(message.id, until, self.clock.boot_id())

        self._each(key, names, prolong)
        return self.clock.text(self.clock.now_ms() + int(lease_seconds * 1000))

    def undo(self, key: Key, receipts: Sequence[str]) -> None:
        """The holder never received what was leased for it; the attempt does not count."""
        with self.store.write():
            for receipt in receipts:
                message = self.store.inbox.by_receipt(receipt)
                if message and message.state == "leased" and message.leased_by == key.consumer:
                    self._refund(message)

    def redrive(self, key: Key, ids: Sequence[int]) -> list[int]:
        """Brings dead letters back (all of the key's, when none is named)."""
        with self.store.write():
            dead = [m for m in self.store.inbox.dead(COUNTED_AT_MOST) if self._may(key, m)]
            wanted = [m for m in dead if not ids or m.id in ids]
            if missing := set(ids) - {m.id for m in wanted}:
                raise MessageNotFound(message_id=min(missing))
            for message in wanted:
                self.store.inbox.redrive(message.id)
                self._tell(message, "message.released")
        return [message.id for message in wanted]

    def answered(self, key: Key, session_id: str, message_id: int | None) -> None:
        """A reply was posted: it acknowledges its message, or all that the key holds there."""
        if message_id is not None:
            message = self.store.messages.find(message_id)
            named = message is not None and message.session_id == session_id
            done = [message] if message and named and self._may(key, message) else []
        else:
            held = self.store.inbox.held_by(key.consumer)
            done = [message for message in held if message.session_id == session_id]
        for message in done:
            self._finish(message, "acked")

    # -- who asks

    def _agent(self, poll: Poll) -> Agent | None:
        """The one agent this poll is for; None means every outside agent."""
        bound = self.agents.by_id(poll.key.agent_id) if poll.key.agent_id else None
        if poll.agent is None:
            return bound
        agent = self.agents.resolve(poll.agent)
        if agent.built_in:
            raise AgentNotFound(agent=poll.agent)
        if bound and bound.id != agent.id:
            raise Forbidden("This key answers for another agent.", agent=poll.agent)
        return agent

    def _asking(self, poll: Poll) -> Asking:
        agent = self._agent(poll)
        return Asking(
            poll.key.consumer, agent is None, stored_id(agent) if agent else None, poll.after_id,
            self.clock.boot_ms(), self.clock.boot_id(),
        )  # fmt: skip

    def _waiting(self, poll: Poll, asking: Asking, limit: int) -> tuple[Sequence[Message], int]:
        """Up to a limit, and how many there are in all. What `since` hides is not leased either:
        the next old-style poll would end its lease."""
        if poll.since is None:
            found = self.store.inbox.waiting(asking, limit)
            return found, max(self._count(asking), len(found))
        found = self.store.inbox.waiting(asking, COUNTED_AT_MOST)
        newer = [m for m in found if (times.milliseconds(m.timestamp) or 0) > poll.since]
        return newer[:limit], len(newer)

    def _idle(self, poll: Poll, asking: Asking) -> bool:
        if poll.style != "explicit" and self.store.inbox.held_by(poll.key.consumer):
            return False
        return not self.store.inbox.any_ended(
            asking.now, asking.boot
        ) and not self.store.inbox.waiting(asking, 1)

    def _count(self, asking: Asking) -> int:
        return self.store.inbox.count(asking, TOTAL_AT_MOST)

    def _may(self, key: Key, message: Message) -> bool:
        return key.agent_id is None or key.agent_id == self.agents.by_id(message.agent_id).id

    # -- leases

    def _lease(self, message: Message, poll: Poll) -> Delivery:
        receipt = f"r{message.id}_{secrets.token_urlsafe(12)}"
        milliseconds = int(poll.lease_seconds * 1000)
        hold = Hold(
            poll.key.consumer, self.clock.boot_ms() + milliseconds, self.clock.boot_id(),
            poll.style,
        )  # fmt: skip
        self.store.inbox.lease(message.id, hold, receipt)
        expires = self.clock.text(self.clock.now_ms() + milliseconds)
        leased = self._delivery(message, receipt, message.attempts + 1, expires)
        self._tell(message, "message.leased", agent=leased.agent)
        return leased

    def _delivery(
        self, message: Message, receipt: str | None, attempt: int, expires: str | None
    ) -> Delivery:
        session = self.store.sessions.find(message.session_id)
        return Delivery(
            message, receipt, attempt, expires, self.agents.by_id(message.agent_id).slug,
            session.chat_id if session else "", message.uid or (session.uid if session else None),
        )  # fmt: skip

    def _settle_legacy(self, poll: Poll) -> list[Delivery]:
        """What an old client's next poll means for what it was served before: handed over; for
        the plugin, once more first; for the plugin's start-up probe, given back."""
        if poll.style == "explicit" or (poll.style == "legacy" and poll.limit < 2):
            return []
        again = []
        for message in self.store.inbox.held_by(poll.key.consumer):
            if message.lease_style != poll.style:
                continue
            if poll.probe:
                self._refund(message)
            elif poll.style == "plugin" and message.served < 2:
                again.append(self._serve_again(message, poll))
            else:
                self._finish(message, "acked")
        return again

    def _serve_again(self, message: Message, poll: Poll) -> Delivery:
        milliseconds = int(poll.lease_seconds * 1000)
        self.store.inbox.serve_again(
            message.id, self.clock.boot_ms() + milliseconds, self.clock.boot_id()
        )
        expires = self.clock.text(self.clock.now_ms() + milliseconds)
        return self._delivery(message, message.receipt, message.attempts, expires)

    def _each(
        self,
        key: Key,
        names: Sequence[str | int],
        act: Callable[[Message], None],
        *,
        also_done: bool = False,
    ) -> list[int]:
        """All or nothing: a single lost lease changes none of them and is named."""
        with self.store.write():
            found = [self._named(key, name) for name in names]
            for name, message in zip(names, found, strict=True):
                done = also_done and message.state == "done" and message.leased_by == key.consumer
                if not done and not self._holds(key, message):
                    raise LeaseLost(message_id=message.id, receipt=str(name))
            held = {message.id: message for message in found}
            for message in held.values():
                act(message)
        return list(held)

    def _named(self, key: Key, name: str | int) -> Message:
        """A message by its id, or by the receipt of one of its leases."""
        if isinstance(name, str):
            message = self.store.inbox.by_receipt(name)
            if message is None:
                raise LeaseLost(message_id=name, receipt=name)
            return message
        message = self.store.messages.find(name)
        if message is None or not self._may(key, message):
            raise MessageNotFound(message_id=name)
        return message

    def _holds(self, key: Key, message: Message) -> bool:
        return (
            message.state == "leased"
            and message.leased_by == key.consumer
            and message.lease_boot == self.clock.boot_id()
            and (message.lease_until or 0) > self.clock.boot_ms()
        )

    def _finish(self, message: Message, fact: str) -> None:
        if self.store.messages.finish(message.id):
            self._tell(message, f"message.{fact}")

    def _refund(self, message: Message) -> None:
        self.store.inbox.release(
            message.id, not_before=0, boot=self.clock.boot_id(), reason=None, refund=1
        )
        self._tell(message, "message.released")

    def _give_back(self, message: Message, reason: str, delay_seconds: float = 0) -> None:
        if message.attempts >= self.live.now().max_attempts:
            self.store.inbox.bury(message.id, reason)
            self._tell(message, "message.dead", reason=reason)
            return
        not_before = self.clock.boot_ms() + int(delay_seconds * 1000) if delay_seconds > 0 else 0
        self.store.inbox.release(
            message.id, not_before=not_before, boot=self.clock.boot_id(), reason=reason
        )
        self._tell(message, "message.released")

    def _tell(self, message: Message, kind: str, **facts: object) -> None:
        row = NewEvent(
            message.session_id, kind, self.clock.now(),
            message_id=message.id, payload={"message_id": message.id, **facts},
        )  # fmt: skip
        self.store.events.add(row)
