"""Parked long polls: who waits for what, and who is woken by which event."""

import logging
import threading
from collections.abc import Callable, Iterable
from enum import Enum, auto

from chat_bridge.errors import BridgeError
from chat_bridge.ports import EventRow, Wait
from chat_bridge.push.claims import Claims
from chat_bridge.push.feed import EVERYTHING
from chat_bridge.push.interest import Interest

INBOX = "inbox"
JOB = "job_"
DELIVERABLE = frozenset({"message.created", "message.released", "message.acked", "message.dead"})
log = logging.getLogger(__name__)


class State(Enum):
    BUSY = auto()  # somebody runs its attempt
    PARKED = auto()
    LAST = auto()  # somebody runs its attempt, and its time is up
    DONE = auto()  # answered, or the other side has gone


class Waiter:
    __slots__ = ("again", "answer", "state", "wait")

    def __init__(self, wait: Wait) -> None:
        self.wait = wait
        self.state = State.BUSY
        self.again = False
        self.answer: Callable[[bytes, bool], None] = lambda body, claimed: None


class Waiters:
    """An event between an attempt that finds nothing and the parking after it is not lost: waking
    a busy waiter makes it try again."""

    def __init__(self, claims: Claims, interest: Interest) -> None:
        self._claims = claims
        self._interest = interest
        self._lock = threading.Lock()
        self._topics: dict[str, dict[Waiter, None]] = {}

    def add(self, wait: Wait) -> Waiter:
        """Busy from the start: the caller runs the attempt, then parks or forgets it."""
        waiter = Waiter(wait)
        self._interest.add(wait.topic)
        with self._lock:
            self._topics.setdefault(wait.topic, {})[waiter] = None
        return waiter

    def park(self, waiter: Waiter) -> None:
        with self._lock:
            if waiter.state is State.DONE:
                return
            if waiter.state is State.BUSY and not waiter.again:
                waiter.state = State.PARKED
                return
            waiter.again = False
        self._claims.submit(self._try, waiter)

    def forget(self, waiter: Waiter) -> None:
        """Answered, or its other side has gone."""
        with self._lock:
            if waiter.state is State.DONE:
                return
            waiter.state = State.DONE
            topic = waiter.wait.topic
            del self._topics[topic][waiter]
            if not self._topics[topic]:
                del self._topics[topic]
        self._interest.remove(topic)

    def expire(self, waiter: Waiter) -> None:
        """Its time is up: one last attempt, then the empty answer."""
        with self._lock:
            parked = waiter.state is State.PARKED
            if waiter.state is not State.DONE:
                waiter.state = State.LAST
        if parked:
            self._claims.submit(self._try, waiter)

    def undo(self, waiter: Waiter, body: bytes) -> None:
        """The answer did not arrive."""
        self._claims.submit(waiter.wait.unsent, body)

    def leave(self, waiter: Waiter) -> None:
        """Its other side has gone before there was an answer."""
        if waiter.state is not State.DONE:
            self.forget(waiter)
            self._claims.submit(waiter.wait.abandoned)

    def wake(self, heads: Iterable[EventRow]) -> None:
        """All that wait for a touched session; one for each message somebody may take."""
        touched = {EVERYTHING}
        for head in heads:
            touched.add(head.session_id)
            if head.kind in DELIVERABLE and head.job_id is None:
                self.wake_inboxes()
        for session_id in touched:
            self.wake_topic(session_id)

    def wake_inboxes(self) -> None:
        """One waiter of each distinct inbox: which of them may have a message only its claim
        knows, and leases end without an event."""
        for topic in self._beginning(INBOX):
            self._start(self._pick(topic, every=False))

    def wake_topic(self, topic: str) -> None:
        self._start(self._pick(topic, every=True))

    def wake_person(self, who: str) -> None:
        """Somebody's sign-in, or a key, has ended: their next attempt finds out."""
        with self._lock:
            theirs = [
                topic for topic, waiting in self._topics.items()
                if any(waiter.wait.who == who for waiter in waiting)
            ]  # fmt: skip
        for topic in theirs:
            self.wake_topic(topic)

    def wake_jobs(self) -> None:
        """Whoever waits for the end of a job: what told of it may be lost."""
        for topic in self._beginning(JOB):
            self.wake_topic(topic)

    def _beginning(self, word: str) -> list[str]:
        return [topic for topic in tuple(self._topics) if topic.startswith(word)]

    def _start(self, waiters: Iterable[Waiter]) -> None:
        for waiter in waiters:
            self._claims.submit(self._try, waiter)

    def _pick(self, topic: str, *, every: bool) -> list[Waiter]:
        with self._lock:
            waiting = self._topics.get(topic, {})
            parked = [waiter for waiter in waiting if waiter.state is State.PARKED]
            if every or not parked:
                for waiter in waiting:
                    waiter.again = True
            chosen = parked if every else parked[:1]
            for waiter in chosen:
                waiter.state, waiter.again = State.BUSY, False
        return chosen

    def _try(self, waiter: Waiter) -> None:
        try:
            body = waiter.wait.attempt()
        except BridgeError as fault:
            log.warning("push: a waiting request could not look: %s", fault)
            body = None
        except BaseException:
            self._end(waiter)
            raise
        if body is not None:
            if waiter.state is State.DONE:
                waiter.wait.unsent(body)
                return
            self.forget(waiter)
            waiter.answer(body, True)
        elif waiter.state is State.LAST:
            self._end(waiter)
        else:
            self.park(waiter)

    def _end(self, waiter: Waiter) -> None:
        self.leave(waiter)
        waiter.answer(waiter.wait.nothing(), False)
