"""Whether a claim of the inbox costs the same with a thousand messages stored and with a million.

    python bench/growth.py [--large 1000000] [--claims 300]

Two databases side by side, claims by turns, so that whatever else the machine does hits both. Once
everything stored is done, as after years of work; once all of it waits, as after a month without an
agent.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from chat_bridge.app import services
from chat_bridge.config import Settings
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.inbox import Poll
from chat_bridge.domain.keys import AGENT_SCOPES
from chat_bridge.model import Key, NewMessage, Visitor

SMALL = 1_000
GOAL = 1.5
A_SESSION = 20
ADA = Visitor(secret="a-secret-of-somebody-who-writes-while-others-wait")
FILL = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO web_chat_messages (session_id, message, timestamp, uid, state, processed)
SELECT 'session_old_' || (i / ?), 'Where is my order number ' || i || ', please?',
    '2026-01-01T00:00:00.000Z', 'uid', ?, ? FROM n"""
SESSIONS = """WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO web_chat_sessions (session_id, chat_id)
SELECT 'session_old_' || i, 'old-' || i FROM n"""


@dataclass
class House:
    bridge: Bridge
    key: Key
    stored: int
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def main() -> None:
    options = arguments()
    print(f"inbox claims, median of {options.claims}, in ms")
    print(
        f"{'all messages before are':28}{SMALL:>12,}{options.large:>12,}{'ratio':>8}   goal {GOAL}"
    )
    for state in ("done", "pending"):
        with tempfile.TemporaryDirectory(dir=options.dir) as name:
            sizes = (SMALL, options.large)
            houses = [house(Path(name) / str(size), size, state) for size in sizes]
            for number in range(options.claims):
                for one in houses if number % 2 else reversed(houses):
                    one.seconds.append(claim(one, number))
            small, large = houses
            ratio = large.median / small.median
            told = "" if ratio < GOAL else "   missed"
            figures = f"{small.median * 1000:12.3f}{large.median * 1000:12.3f}{ratio:8.2f}"
            print(f"{state:28}{figures}{told}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", type=int, default=1_000_000, help="messages in the larger one")
    parser.add_argument("--claims", type=int, default=300)
    parser.add_argument("--dir", help="where the databases lie; a real disk, not a RAM disk")
    return parser.parse_args()


def house(folder: Path, stored: int, state: str) -> House:
    bridge = services.open_store(Settings(data_dir=folder))
    done = int(state == "done")
    with bridge.store.write():
        connection = bridge.store.database.connection  # type: ignore[attr-defined]  # ours is SQLite
        connection.execute(SESSIONS, (stored // A_SESSION,))
        connection.execute(FILL, (stored, A_SESSION, state, done))
    secret = bridge.keys.create("Charles", AGENT_SCOPES)
    return House(bridge, bridge.keys.authenticate(secret), stored)


def claim(one: House, number: int) -> float:
    """How long one message takes to be handed out; the newest, when others wait before it."""
    session = f"session_new_{number}"
    bridge = one.bridge
    bridge.messages.accept(NewMessage(session, "And mine?"), ADA)
    began = time.perf_counter()
    page = bridge.inbox.claim(Poll(one.key, limit=1))
    took = time.perf_counter() - began
    (found,) = page.deliveries
    bridge.inbox.acknowledge(one.key, [str(found.receipt)])
    return took


if __name__ == "__main__":
    main()
