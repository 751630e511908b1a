import threading
import time
from dataclasses import replace

import pytest

from chat_bridge.ports import EventRow, Wait
from chat_bridge.push.claims import Claims
from chat_bridge.push.interest import Interest
from chat_bridge.push.waiters import Waiter, Waiters

MOMENT = "2026-11-21T10:00:00.000Z"


def head(session_id: str, kind: str = "message.created", job_id: str | None = None) -> EventRow:
    return EventRow(0, session_id, kind, "visitor", MOMENT, job_id=job_id)


class Place:
    """What the attempts of a test find, and what they gave back."""

    def __init__(self) -> None:
        self.interest = Interest()
        self.claims = Claims()
        self.waiters = Waiters(self.claims, self.interest)
        self.found: list[bytes] = []
        self.tried = 0
        self.undone: list[bytes] = []
        self.answers: list[tuple[bytes, bool]] = []

    def attempt(self) -> bytes | None:
        self.tried += 1
        return self.found.pop() if self.found else None

    def add(self, topic: str) -> Waiter:
        wait = Wait(topic, 5, self.attempt, lambda: b"nothing", self.undone.append, {})
        waiter = self.waiters.add(wait)
        waiter.answer = lambda body, claimed: self.answers.append((body, claimed))
        return waiter

    def settle(self) -> None:
        """Until the claim threads have nothing left to do."""
        done = threading.Event()
        for _ in range(4):
            self.claims.submit(done.set)
            done.wait(5)
            time.sleep(0.02)


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_wake_up_while_busy_is_not_lost(place: Place) -> None:
    waiter = place.add("nora")
    assert place.attempt() is None  # the request's own look, before it is parked
    place.found.append(b"late")
    place.waiters.wake([head("nora")])
    place.waiters.park(waiter)
    place.settle()
    assert place.answers == [(b"late", True)]
    assert not place.interest


def test_a_wake_up_before_the_hand_over_is_answered_once(place: Place) -> None:
    waiter = place.add("nora")
    place.waiters.park(waiter)
    place.found.append(b"one")
    place.waiters.wake([head("nora"), head("nora")])
    place.settle()
    assert place.answers == [(b"one", True)]


def test_one_inbox_waiter_a_message_and_none_for_a_job(place: Place) -> None:
    for _ in range(3):
        place.waiters.park(place.add("inbox:*:"))
    place.waiters.wake([head("ana", job_id="job_1"), head("ana", "response.created")])
    place.settle()
    assert place.tried == 0
    place.found += [b"2", b"1"]
    place.waiters.wake([head("ana"), head("ben")])
    place.settle()
    assert sorted(place.answers) == [(b"1", True), (b"2", True)]


def test_what_was_claimed_for_nobody_is_undone(place: Place) -> None:
    waiter = place.add("inbox:*:")
    started, gone = threading.Event(), threading.Event()

    def slow() -> bytes:
        started.set()
        gone.wait(5)
        return b"claimed"

    object.__setattr__(waiter.wait, "attempt", slow)
    place.waiters.park(waiter)
    place.waiters.wake_inboxes()
    assert started.wait(5)
    place.waiters.forget(waiter)
    gone.set()
    place.settle()
    assert place.undone == [b"claimed"]
    assert place.answers == []


def test_time_up_looks_once_more(place: Place) -> None:
    late, never = place.add("nora"), place.add("ivo")
    place.waiters.park(late)
    place.waiters.park(never)
    place.found.append(b"just in time")
    place.waiters.expire(late)
    place.settle()
    place.waiters.expire(never)
    place.settle()
    assert place.answers == [(b"just in time", True), (b"nothing", False)]


def test_whoever_leaves_without_an_answer_is_told_of_once(place: Place) -> None:
    left: list[str] = []
    wait = Wait("job_1", 5, place.attempt, lambda: b"late", place.undone.append, {})
    waiter = place.waiters.add(replace(wait, abandoned=lambda: left.append("gone")))
    waiter.answer = lambda body, claimed: place.answers.append((body, claimed))
    place.waiters.park(waiter)
    place.waiters.leave(waiter)
    place.waiters.leave(waiter)
    place.settle()
    assert left == ["gone"]


def test_whoever_was_answered_has_not_left(place: Place) -> None:
    left: list[str] = []
    wait = Wait("job_1", 5, place.attempt, lambda: b"late", place.undone.append, {})
    waiter = place.waiters.add(replace(wait, abandoned=lambda: left.append("gone")))
    waiter.answer = lambda body, claimed: place.answers.append((body, claimed))
    place.waiters.park(waiter)
    place.found.append(b"done")
    place.waiters.wake_jobs()
    place.settle()
    place.waiters.leave(waiter)
    place.settle()
    assert (place.answers, left) == ([(b"done", True)], [])
