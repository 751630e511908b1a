"""One thread a process carries new rows of the events table to the hub."""

import json
import logging
import os
import select
import threading
import time

from chat_bridge.errors import BridgeError, CursorExpired
from chat_bridge.model import Event
from chat_bridge.ports import Listener, Wakeup
from chat_bridge.push.feed import EVERYTHING, Encode, Feed, Push
from chat_bridge.push.hub import Hub
from chat_bridge.push.interest import Interest
from chat_bridge.push.waiters import Waiters

LOOK_EVERY = 1.0
BATCH = 500
ENDED = "operation.ended"  # its `session_id` is the job's
READS_PER_SECOND = 250  # beyond that, commits are read together
BURST = 25
log = logging.getLogger(__name__)


class Pace:
    """Lets single reads through at once and spreads a storm of them."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = self.left = burst
        self.last = time.monotonic()

    def wait(self) -> float:
        now = time.monotonic()
        self.left = min(self.burst, self.left + (now - self.last) * self.rate)
        self.last = now
        self.left -= 1
        return max(0.0, -self.left / self.rate)


class Relay:
    """Wakes on a datagram or once a second. `position` is the last event handed to the hub."""

    def __init__(
        self, feed: Feed, encode: Encode, wakeup: Wakeup, *, hub: Hub, waiters: Waiters
    ) -> None:
        self.feed = feed
        self.encode = encode
        self.wakeup = wakeup
        self.hub = hub
        self.waiters = waiters
        self.interest: Interest = hub.interest
        self.position = 0
        self._reading = 0
        self._lock = threading.Lock()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="push-relay", daemon=True)
        hub.interest.prepare, hub.interest.awake = self._begin, self._ring

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._ring()
        if self._thread.is_alive():
            self._thread.join(LOOK_EVERY)

    def _begin(self) -> None:
        """Somebody waits again: what came while nobody did concerns nobody."""
        with self._lock:
            self.position = self.feed.newest()

    def _ring(self) -> None:
        os.eventfd_write(self._bell, 1)

    def _run(self) -> None:
        listener = self.wakeup.listen()
        pace = Pace(READS_PER_SECOND, BURST)
        looked = 0.0
        while not self._stopping:
            self._sleep(listener)
            if (early := pace.wait()) > 0:
                time.sleep(early)
            payloads = [payload for payload in listener.drain() if payload]
            if not self.interest:
                continue
            self._look(payloads)
            if time.monotonic() - looked >= LOOK_EVERY:
                looked = time.monotonic()
                self.waiters.wake_inboxes()
                self.waiters.wake_jobs()
        listener.close()

    def _sleep(self, listener: Listener) -> None:
        """Until a commit, a second, or the bell; commits count while somebody waits."""
        ends = [self._bell, listener.fileno()] if self.interest else [self._bell]
        poll = select.poll()
        for end in ends:
            poll.register(end, select.POLLIN)
        if any(end == self._bell for end, _ in poll.poll(LOOK_EVERY * 1000)):
            os.eventfd_read(self._bell)

    def _look(self, payloads: list[bytes]) -> None:
        try:
            self.pass_on(payloads)
            while self.read() == BATCH:
                continue
        except CursorExpired:
            self._begin()
        except BridgeError as fault:
            log.warning("push: the events could not be read: %s", fault)
        except Exception:  # last resort: without this thread nobody is ever woken
            log.exception("push: events up to %s could not be pushed", self._reading)
            self.position = max(self.position, self._reading)  # never stuck on the one at fault

    def read(self) -> int:
        """Bodies are read and encoded once, and only of events somebody here wants."""
        with self._lock:
            heads = self.feed.heads(self.position, BATCH, operator=True)
            if not heads:
                return 0
            self._reading = heads[-1].seq
            everything = EVERYTHING in self.interest
            wanted = [head for head in heads if everything or head.session_id in self.interest]
            if wanted:
                events = self.feed.load(wanted)
                self.hub.publish(Push(event, self.encode(event)) for event in events)
            self.position = self._reading
        self.waiters.wake(heads)
        return len(heads)

    def pass_on(self, payloads: list[bytes]) -> None:
        """Typing, sign-outs, ends of operations: they ride in the datagram and are never stored."""
        for who in {who for payload in payloads if (who := signed_out(payload))}:
            self.hub.ended(who)
            self.waiters.wake_person(who)
        told = [event for payload in payloads if (event := unstored(payload)) is not None]
        for ended in (event for event in told if event.kind == ENDED):
            self.waiters.wake_topic(ended.session_id)
        events = [event for event in told if event.kind != ENDED]
        if events:
            self.hub.publish(Push(event, self.encode(event)) for event in events)


def signed_out(payload: bytes) -> str | None:
    try:
        given = json.loads(payload)
        return str(given["signed_out"])
    except (ValueError, KeyError, TypeError):
        return None


def unstored(payload: bytes) -> Event | None:
    try:
        given = json.loads(payload)
        return Event(
            seq=0,
            session_id=str(given["session_id"]),
            kind=str(given["kind"]),
            audience=str(given.get("audience", "visitor")),
            data=dict(given.get("data", {})),
            created_at=str(given.get("created_at", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
