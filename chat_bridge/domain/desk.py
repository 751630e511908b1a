"""The desk of the operators: who waits, who answers them, and what is said among operators.

A claim is one operator's hold on a session. While it lasts no agent is handed that session's
messages: those that wait are leased to the operator like to any holder, and later ones stay.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain import times
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.outbox import Outbox
from chat_bridge.errors import (
    AnsweredMeanwhile,
    ConversationTaken,
    NobodyWaits,
    NotResolved,
    NotYours,
    SessionNotFound,
)
from chat_bridge.model import (
    Claim,
    Conversation,
    Message,
    NewResponse,
    Person,
    Resolution,
    Response,
    Snooze,
    Waiting,
)
from chat_bridge.ports import Clock, Hold, Moment, NewEvent, Store, WaitingFilter

IDLE_MS = 600_000
MINE_AT_MOST = 200
HOLDER = "operator:"
AUTHOR = {"author": "operator"}


@dataclass(frozen=True)
class Desk:
    store: Store
    clock: Clock
    outbox: Outbox
    audit: Audit

    def waiting(self, wanted: WaitingFilter) -> Sequence[Conversation]:
        return self.store.desk.waiting(wanted, self._moment())

    def mine(self, person: Person) -> Sequence[Conversation]:
        return self.store.desk.of_person(person.id, self._moment(), MINE_AT_MOST)

    def count(self) -> Waiting:
        return self.store.desk.count(self._moment())

    def count_mine(self, person: Person) -> int:
        return self.store.desk.count_of_person(person.id, self._moment())

    def holder(self, session_id: str) -> Claim | None:
        return self.store.desk.claim_of(session_id, self._moment())

    def agent_holds(self, session_id: str) -> bool:
        """Whether an agent has messages of this session and may answer them any moment."""
        at = self._moment()
        return any(
            message.state == "leased"
            and message.lease_style != "operator"
            and (message.lease_until or 0) > at.now
            and message.lease_boot == at.boot
            for message in self.store.desk.open_messages(session_id)
        )

    def newest_response(self, session_id: str) -> int:
        return self.store.desk.newest_response(session_id)

    def claim(self, session_id: str, person: Person) -> Claim:
        """Atomic: of two who claim at once one gets ConversationTaken."""
        with self.store.write():
            return self._take(session_id, person)

    def touch(self, session_id: str, person: Person) -> None:
        """Its holder is still at it."""
        self._exists(session_id)
        if (held := self.holder(session_id)) and held.person_id == person.id:
            self.claim(session_id, person)

    def reply(
        self, session_id: str, person: Person, text: str, *, seen: int, resolve: bool = False
    ) -> Response:
        """Answers everything that waits. `seen` is the newest answer the operator knew of."""
        with self.store.write():
            if self.newest_response(session_id) > seen:
                raise AnsweredMeanwhile
            self._take(session_id, person)
            waiting = self.store.desk.open_messages(session_id)
            first = waiting[0].id if waiting else None
            new = NewResponse(session_id, text, message_id=first, metadata=AUTHOR)
            response = self.outbox.add(new)
            self.store.desk.sign(response.id, person.username)
            self._finish(waiting)
            told = f"answer {response.id}"
            self._write_down(person, "reply", session_id, before=_waits(waiting), after=told)
            if resolve:
                self._resolve(session_id, person)
        return response

    def note(self, session_id: str, person: Person, text: str) -> None:
        """Its event carries no word of it, and only operators hear that."""
        with self.store.write():
            self._exists(session_id)
            now = self.clock.now()
            self.store.desk.add_note(session_id, username=person.username, note=text, now=now)
            self._tell(session_id, "desk.noted", by=person.username)
            told = f"a private note of {len(text):,} characters"
            self._write_down(person, "note", session_id, before=None, after=told)

    def hand_back(self, session_id: str, person: Person) -> None:
        """To the agent: what waits is handed out again, the operator's turn is not counted."""
        with self.store.write():
            self._exists(session_id)
            self._let_go(session_id, person)
            self._tell(session_id, "desk.released", by=person.username)
            self._write_down(
                person, "hand_back", session_id, before=person.username, after="its agent"
            )

    def resolve(self, session_id: str, person: Person) -> None:
        """Nobody needs to answer any more."""
        with self.store.write():
            self._exists(session_id)
            self._resolve(session_id, person)

    def resolved(self, session_id: str) -> Resolution | None:
        """None also where somebody wrote, or took it, since."""
        return self.store.desk.resolution_of(session_id)

    def reopen(self, session_id: str, person: Person) -> None:
        """Undoes resolving: what waited waits again, for the one who reopens it."""
        with self.store.write():
            self._exists(session_id)
            found = self.resolved(session_id)
            if found is None:
                raise NotResolved
            for number in found.message_ids:
                self.store.desk.reopen_message(number)
            self._tell(session_id, "desk.reopened", by=person.username)
            waiting = self.store.desk.open_messages(session_id)
            self._write_down(person, "reopen", session_id, before="resolved", after=_waits(waiting))
            for message in waiting:
                self._told(message, "message.released")
            self._take(session_id, person)

    def snoozed(self, session_id: str) -> Snooze | None:
        return self.store.desk.snooze_of(session_id, self._moment())

    def snooze(self, session_id: str, person: Person, seconds: int) -> None:
        """Puts a conversation off: until then, or until its visitor writes again, it is in
        nobody's list; agents are handed what waits in it only when the time is over."""
        with self.store.write():
            self._take(session_id, person)
            waiting = self.store.desk.open_messages(session_id)
            if not waiting:
                raise NobodyWaits
            at = self._moment()
            until = at.now + seconds * 1000
            self._let_go(session_id, person, not_before=until)
            wakes_at = self.clock.text(self.clock.now_ms() + seconds * 1000)
            snooze = Snooze(session_id, person.username, wakes_at)
            self.store.desk.snooze(snooze, at, until=until, last_id=waiting[-1].id)
            self._tell(session_id, "desk.snoozed", by=person.username, until=wakes_at)
            self._write_down(
                person, "snooze", session_id, before=_waits(waiting), after=f"until {wakes_at}"
            )

    def wake(self, session_id: str, person: Person) -> None:
        """Takes a snooze back."""
        with self.store.write():
            self._exists(session_id)
            found = self.snoozed(session_id)
            if found is None:
                return
            self._take(session_id, person)
            self._let_go(session_id, person)
            self._tell(session_id, "desk.woken", by=person.username)
            before = f"until {found.wakes_at}"
            self._write_down(person, "wake", session_id, before=before, after="waiting")

    # -- inside a transaction

    def _let_go(self, session_id: str, person: Person, *, not_before: int = 0) -> None:
        """What waits is handed out again; the operator's turn is not counted."""
        self._release(session_id, person)
        for message in self.store.desk.open_messages(session_id):
            if message.leased_by == consumer(person) and message.state == "leased":
                self.store.inbox.release(
                    message.id, not_before=not_before, boot=self.clock.boot_id(), reason=None,
                    refund=1,
                )  # fmt: skip
                self._told(message, "message.released")

    def _resolve(self, session_id: str, person: Person) -> None:
        held = self.holder(session_id)
        if held and held.person_id != person.id:
            raise self._taken(held)
        waiting = self.store.desk.open_messages(session_id)
        self._finish(waiting)
        self.store.desk.release(session_id)
        self.store.desk.wake(session_id)
        ended = tuple(message.id for message in waiting)
        now = self.clock.now()
        self.store.desk.resolve(Resolution(session_id, person.username, now, ended))
        self._tell(session_id, "desk.resolved", by=person.username)
        self._write_down(person, "resolve", session_id, before=_waits(waiting), after="resolved")

    def _release(self, session_id: str, person: Person) -> None:
        held = self.holder(session_id)
        if held is None or held.person_id != person.id:
            raise self._taken(held) if held else NotYours
        self.store.desk.release(session_id)

    def _take(self, session_id: str, person: Person) -> Claim:
        self._exists(session_id)
        at = self._moment()
        before = self.holder(session_id)
        claim = Claim(
            session_id, person.id, person.username, self.clock.now(), at.now + IDLE_MS, at.boot
        )
        if not self.store.desk.take(claim, at.now):
            assert before is not None  # whoever stopped us holds it in this very transaction
            raise self._taken(before)
        if before is None:
            self._tell(session_id, "desk.claimed", by=person.username)
            self._write_down(person, "claim", session_id, before="nobody", after=person.username)
        self.store.desk.wake(session_id)
        self.store.desk.end_resolution(session_id)
        self._hold(session_id, person, claim)
        return claim

    def _hold(self, session_id: str, person: Person, claim: Claim) -> None:
        hold = Hold(consumer(person), claim.active_until, claim.boot, "operator")
        for message in self.store.desk.open_messages(session_id):
            if message.state == "pending":
                receipt = f"r{message.id}_{secrets.token_urlsafe(12)}"
                self.store.inbox.lease(message.id, hold, receipt)
                self._told(message, "message.leased", agent="operator")
            elif message.leased_by == consumer(person):
                self.store.inbox.extend(message.id, claim.active_until, claim.boot)

    def _finish(self, waiting: Sequence[Message]) -> None:
        for message in waiting:
            if self.store.messages.finish(message.id):
                self._told(message, "message.acked")

    def _write_down(
        self, person: Person, act: str, session_id: str, *, before: str | None, after: str
    ) -> None:
        """What was said is in the conversation and goes with it; the log keeps that it was."""
        self.audit.write(
            person.actor, f"conversation.{act}", subject=session_id, before=before, after=after
        )

    def _exists(self, session_id: str) -> None:
        if self.store.sessions.find(session_id) is None:
            raise SessionNotFound

    def _taken(self, held: Claim) -> ConversationTaken:
        since = times.milliseconds(held.claimed_at) or 0
        ago = max(0, self.clock.now_ms() - since) // 1000
        return ConversationTaken(username=held.username, ago=times.span(ago))

    def _moment(self) -> Moment:
        return Moment(self.clock.boot_ms(), self.clock.boot_id())

    def _tell(self, session_id: str, kind: str, **facts: object) -> None:
        self.store.events.add(NewEvent(session_id, kind, self.clock.now(), payload=facts))

    def _told(self, message: Message, kind: str, **facts: object) -> None:
        payload = {"message_id": message.id, **facts}
        row = NewEvent(
            message.session_id, kind, self.clock.now(),
            message_id=message.id, payload=payload,
        )  # fmt: skip
        self.store.events.add(row)


def _waits(waiting: Sequence[Message]) -> str:
    return f"{len(waiting)} waiting"


def consumer(person: Person) -> str:
    """What leases call an operator."""
    return f"{HOLDER}{person.id}"
