"""The hazards of clients that know nothing of leases (spec: bridge 2.9), over the wire: nothing is
lost, nothing is doubled but for the one repeat that a crash at the wrong moment brings."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Caller

LEASE_SECONDS = 2
Item = dict[str, Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    settings = {"CHAT_BRIDGE_RATE_LIMITS": "off", "CHAT_BRIDGE_LEGACY_LEASE": str(LEASE_SECONDS)}
    running = RunningBridge(tmp_path_factory.mktemp("old"), settings).start()
    yield running
    running.stop()


@pytest.fixture
def ada(place: RunningBridge) -> Caller:
    """Nothing of an earlier visitor waits."""
    assert caller.admin(place).post("clear_data", None).status == 200
    return caller.visitor(place)


@dataclass
class Plugin:
    """As the shipped plugin behaves: it probes when it starts, hands a whole batch over before the
    next poll, remembers in memory what was handed over, and asks again for nothing."""

    bridge: RunningBridge
    fails: int = 0
    known: set[tuple[str, int, str]] = field(default_factory=set)
    queued: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fetch(1)

    @property
    def caller(self) -> Caller:
        named = {"User-Agent": "Broca2-WebChat-Plugin/1.0", "Content-Type": "application/json"}
        return Caller(self.bridge.port, caller.agent(self.bridge).headers | named)

    def fetch(self, limit: int = 50) -> list[Item]:
        found = self.caller.get("inbox", limit=limit, offset=0)
        assert found.status == 200
        return list(found.data["messages"])

    def turn(self) -> None:
        for item in self.fetch():
            name = (item["session_id"], item["id"], item["timestamp"])
            if name in self.known:
                continue
            if self.fails:
                self.fails -= 1
                continue
            self.queued.append(item)
            self.known.add(name)

    def texts(self) -> list[str]:
        return [item["message"] for item in self.queued]


class TestTheShippedPlugin:
    def test_start_up_probe_discards_nothing(self, place: RunningBridge, ada: Caller) -> None:
        ada.say("session_probed", "First")
        plugin = Plugin(place)
        for _ in range(4):
            plugin.turn()
        assert plugin.texts() == ["First"]

    def test_crash_after_fetch(self, place: RunningBridge, ada: Caller) -> None:
        ada.say("session_crashed", "One")
        ada.say("session_crashed", "Two")
        lost = Plugin(place).fetch()
        plugin = Plugin(place)
        for _ in range(4):
            plugin.turn()
        same = ("id", "timestamp", "message", "uid", "session_id")
        assert [[item[key] for key in same] for item in plugin.queued] == [
            [item[key] for key in same] for item in lost
        ]
        assert plugin.texts() == ["One", "Two"]

    def test_crash_after_it_queued_brings_the_one_repeat(
        self, place: RunningBridge, ada: Caller
    ) -> None:
        ada.say("session_crashed", "One")
        Plugin(place).turn()
        plugin = Plugin(place)
        for _ in range(4):
            plugin.turn()
        assert plugin.texts() == ["One"]

    def test_failed_hand_over(self, place: RunningBridge, ada: Caller) -> None:
        plugin = Plugin(place, fails=1)
        ada.say("session_refused", "One")
        ada.say("session_accepted", "Two")
        for _ in range(4):
            plugin.turn()
        assert sorted(plugin.texts()) == ["One", "Two"]

    def test_two_answers_in_one_second(self, place: RunningBridge, ada: Caller) -> None:
        """An old page asks with the time of the last answer it has seen."""
        session = "session_quick"
        ada.say(session, "Go on")
        plugin, seen, since = Plugin(place), [], ""
        plugin.turn()
        for text in ("First", "Second"):
            assert plugin.caller.reply(session, text).status == 200
        for _ in range(3):
            asked = {"since": since} if since else {}
            found = ada.get("responses", session_id=session, **asked).data["responses"]
            fresh = sorted(found, key=lambda one: str(one["timestamp"]))
            seen += [one["response"] for one in fresh if one["timestamp"] > since]
            since = max([since, *(str(one["timestamp"]) for one in found)])
            plugin.caller.reply(session, f"Later {len(seen)}")
        assert seen == ["First", "Second", "Later 2", "Later 3"]

    def test_idle_session_answered_late(self, place: RunningBridge, ada: Caller) -> None:
        session = "session_idle"
        uid = ada.say(session, "Take your time").data["uid"]
        plugin = Plugin(place)
        plugin.turn()
        with closing(sqlite3.connect(place.data_dir / "bridge.db", timeout=10)) as rows, rows:
            rows.execute("UPDATE web_chat_sessions SET last_activity = '2025-01-01T00:00:00.000Z'")
        assert caller.admin(place).post("cleanup", None).data["cleaned_count"] == 1
        assert plugin.caller.reply(session, "At last").status == 200
        (answer,) = ada.get("responses", session_id=session).data["responses"]
        assert answer["response"] == "At last"
        again = ada.say(session, "Thank you").data
        assert (again["uid"], again["is_new_user"]) == (uid, False)
        for _ in range(4):
            plugin.turn()
        assert plugin.texts() == ["Take your time", "Thank you"]


def test_another_old_client_that_crashed_gets_it_again(place: RunningBridge, ada: Caller) -> None:
    """It says nothing of itself, so its lease has to end first."""
    ada.say("session_script", "One")
    script = caller.agent(place)
    (first,) = script.get("inbox", limit=50).data["messages"]
    time.sleep(LEASE_SECONDS + 0.2)
    (again,) = script.get("inbox", limit=50).data["messages"]
    assert (again["id"], again["timestamp"]) == (first["id"], first["timestamp"])
    for _ in range(2):
        assert script.get("inbox", limit=50).data["messages"] == []
