"""Many agents poll at once: each message goes to exactly one of them, in its session's order."""

import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.journeys.visitor import Desk, Json, action, call
from tests.patience import LONG
from tests.servers import RunningBridge

WRITERS = 8


@dataclass
class Deliveries:
    """What every poller was handed, in the order it came to hand."""

    total: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    taken: list[Json] = field(default_factory=list)
    everything: threading.Event = field(default_factory=threading.Event)

    def note(self, messages: list[Json]) -> None:
        with self.lock:
            self.taken += messages
            if len(self.taken) >= self.total:
                self.everything.set()


def acknowledging(desk: Desk, seen: Deliveries) -> None:
    """Waits, takes up to 20 for 60 s, answers the first and acknowledges the others."""
    while not seen.everything.is_set():
        messages = desk.inbox(wait=1, limit=20, lease=60)
        seen.note(messages)
        if messages:
            assert desk.reply(messages[0], "Thanks!").status == 200
        if messages[1:]:
            assert desk.ack(*messages[1:]).status == 200


def old(desk: Desk, seen: Deliveries) -> None:
    """Neither waits nor acknowledges: to ask again is to be done."""
    while not seen.everything.is_set():
        messages = desk.inbox(limit=50)
        seen.note(messages)
        if not messages:
            seen.everything.wait(0.1)


@pytest.fixture
def new_key(bridge: RunningBridge) -> Callable[[str], str]:
    def make(name: str) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "chat_bridge", "key", "new", name],
            env=bridge.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return made.stdout.strip()

    return make


def post(url: str, session_id: str, text: str) -> None:
    body = {"session_id": session_id, "message": text, "client_msg_id": f"{session_id} {text}"}
    assert call(url, "POST", action("messages"), body=body).status == 200


def write(bridge: RunningBridge, sessions: list[str], each: int) -> None:
    for number in range(each):
        for session_id in sessions:
            post(bridge.url, session_id, str(number))


def in_order(taken: list[Json]) -> bool:
    by_session: dict[str, list[int]] = defaultdict(list)
    for message in taken:
        by_session[message["session_id"]].append(int(message["message"]))
    return all(numbers == list(range(len(numbers))) for numbers in by_session.values())


def poll_everything(
    bridge: RunningBridge, new_key: Callable[[str], str], *, sessions: int, each: int
) -> Deliveries:
    """While the messages are being written, four pollers of either kind take them."""
    run = f"{time.monotonic_ns():x}"
    names = [f"session_pollers_{run}_{number}" for number in range(sessions)]
    seen = Deliveries(sessions * each)
    keys = [new_key(f"poller-{number}") for number in range(6)]
    desks = [Desk(bridge.url, key) for key in [bridge.agent_key, bridge.agent_key, *keys]]
    with ThreadPoolExecutor(len(desks) + WRITERS) as pool:
        polls = [pool.submit(acknowledging, desk, seen) for desk in desks[:4]]
        polls += [pool.submit(old, desk, seen) for desk in desks[4:]]
        writing = [
            pool.submit(write, bridge, names[number::WRITERS], each) for number in range(WRITERS)
        ]
        for written in writing:
            written.result()
        seen.everything.wait(LONG)
        seen.everything.set()
        for poll in polls:
            poll.result()
    return seen


def check(seen: Deliveries) -> None:
    handed = Counter(message["id"] for message in seen.taken)
    assert [number for number, times in handed.items() if times > 1] == []
    assert len(handed) == seen.total
    assert in_order(seen.taken)
    assert {message["attempt"] for message in seen.taken} == {1}


def test_eight_pollers_share_two_thousand(
    bridge: RunningBridge, new_key: Callable[[str], str]
) -> None:
    check(poll_everything(bridge, new_key, sessions=100, each=20))


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_eight_pollers_share_ten_thousand(
    bridge: RunningBridge, new_key: Callable[[str], str]
) -> None:
    began = time.monotonic()
    seen = poll_everything(bridge, new_key, sessions=300, each=34)
    check(seen)
    assert seen.total > 10_000
    assert time.monotonic() - began < 300
