"""What the founding servers lost, over the wire: bridge.md 2.9, as its old clients meet it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count

import pytest

from tests.servers import RunningBridge, serving
from tests.wire import caller
from tests.wire.caller import Caller
from tests.wire.plugin import Item, Plugin

NUMBERS = count(1)
LEASE = 2


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    folder = tmp_path_factory.mktemp("hazards")
    with serving(folder, CHAT_BRIDGE_LEGACY_LEASE=str(LEASE)) as running:
        yield running


@pytest.fixture
def ada(own: RunningBridge) -> Caller:
    return caller.visitor(own)


@pytest.fixture
def admin(own: RunningBridge) -> Caller:
    """An administrator of a server without conversations."""
    admin = caller.admin(own)
    assert admin.post("clear_data", None).status == 200
    return admin


@pytest.fixture
def session(admin: Caller) -> str:
    return f"session_hazard{next(NUMBERS)}"


@pytest.fixture
def start(own: RunningBridge, admin: Caller) -> Callable[..., Plugin]:
    return lambda hand_over: Plugin.started(own, hand_over)


def answers(ada: Caller, session: str, **query: object) -> list[str]:
    found = ada.get("responses", session_id=session, **query).data["responses"]
    return [item["response"] for item in found]


def mark(item: Item) -> tuple[object, ...]:
    return item["id"], item["session_id"], item["timestamp"], item["uid"], item["message"]


class TestThePlugin:
    def test_that_crashed_after_its_fetch_gets_the_message_again(
        self, ada: Caller, start: Callable[..., Plugin], session: str
    ) -> None:
        """H1: the next process starts with its probe, and is served what the last one was."""
        for text in ("Good morning", "Hello?"):
            ada.say(session, text)
        lost = start(print).fetch()
        taken: list[Item] = []
        again = start(taken.append).poll()
        assert [mark(item) for item in again] == [mark(item) for item in lost]
        assert [item["message"] for item in taken] == ["Good morning", "Hello?"]

    def test_that_crashed_after_it_queued_a_message_brings_the_one_repeat(
        self, ada: Caller, start: Callable[..., Plugin], session: str
    ) -> None:
        """H3: nothing tells this process from one that lost it; after that it is handed over."""
        ada.say(session, "Good morning")
        start(print).poll()
        taken: list[Item] = []
        plugin = start(taken.append)
        polls = [len(plugin.poll()) for _ in range(4)]
        assert [item["message"] for item in taken] == ["Good morning"]
        assert polls[2:] == [0, 0]

    def test_whose_hand_over_failed_gets_the_message_again(
        self, ada: Caller, start: Callable[..., Plugin], session: str
    ) -> None:
        tries: list[Item] = []

        def fails_once(item: Item) -> None:
            tries.append(item)
            if len(tries) == 1:
                raise OSError("database is locked")

        ada.say(session, "Good morning")
        plugin = start(fails_once)
        polls = [plugin.poll() for _ in range(3)]
        assert [len(found) for found in polls] == [1, 1, 0]
        assert mark(polls[0][0]) == mark(polls[1][0])
        assert len(tries) == 2

    def test_takes_nothing_by_its_probes(
        self, ada: Caller, start: Callable[..., Plugin], session: str
    ) -> None:
        """H2: however often it is started, and whatever waits."""
        ada.say(session, "Good morning")
        for _ in range(3):
            plugin = start(print)
            assert plugin.fetch(limit=1) == []
        assert [item["message"] for item in plugin.poll()] == ["Good morning"]

    def test_hands_each_message_over_once(
        self, ada: Caller, start: Callable[..., Plugin], session: str
    ) -> None:
        taken: list[Item] = []
        plugin = start(taken.append)
        for number in range(4):
            ada.say(session, f"{number}")
            plugin.poll()
        plugin.answer(session, "Thank you")
        assert [plugin.poll(), plugin.poll()][1] == []
        assert [item["message"] for item in taken] == ["0", "1", "2", "3"]
        assert answers(ada, session) == ["Thank you"]

    def test_may_answer_at_any_length(
        self, ada: Caller, start: Callable[..., Plugin], session: str
    ) -> None:
        """H8, H12: nothing is cut, refused or rewritten."""
        text = "<b>&amp; Ünï©ode \U0001f600\n" * 2_000
        ada.say(session, "Tell me everything")
        start(print).answer(session, text)
        assert answers(ada, session) == [text]


def test_another_old_client_that_crashed_gets_the_message_when_its_lease_ends(
    own: RunningBridge, ada: Caller, session: str
) -> None:
    """H1 without the plugin's headers: until it polls again, nothing says that it lives."""
    ada.say(session, "Good morning")
    old = caller.agent(own)
    (lost,) = old.get("inbox", limit=50, offset=0).data["messages"]
    end = time.monotonic() + 10 * LEASE
    while not (found := old.get("inbox", limit=1).data["messages"]):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert mark(found[0]) == mark(lost)


class TestSeveralAtOnce:
    def test_pollers_never_get_the_same_message(
        self, own: RunningBridge, ada: Caller, session: str
    ) -> None:
        """H4."""
        said = [ada.say(f"{session}_{n}", "hi").data["message_id"] for n in range(40)]
        agents = [caller.agent(own) for _ in range(6)]

        def taken(agent: Caller) -> list[int]:
            found: list[int] = []
            while items := agent.get("inbox", limit=3, lease=60).data["messages"]:
                found += [item["id"] for item in items]
            return found

        with ThreadPoolExecutor(6) as pool:
            found = [number for numbers in pool.map(taken, agents) for number in numbers]
        assert sorted(found) == said

    def test_first_messages_make_one_visitor(self, own: RunningBridge, session: str) -> None:
        """C7: each is taken, and the uid is the same for all."""
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(lambda n: caller.visitor(own).say(session, f"{n}").data, range(8)))
        assert len({one["uid"] for one in said}) == 1
        assert sorted(one["is_new_user"] for one in said) == [False] * 7 + [True]
        assert len({one["timestamp"] for one in said}) == 8


class TestAnswersOfOneSecond:
    @pytest.fixture
    def stamps(self, own: RunningBridge, ada: Caller, session: str) -> list[str]:
        ada.say(session, "Good morning")
        agent = caller.agent(own)
        found = [agent.reply(session, text).data["timestamp"] for text in "abcdef"]
        assert found == sorted(set(found))
        return found

    def test_are_all_read_by_a_page_that_goes_on_from_the_last(
        self, ada: Caller, session: str, stamps: list[str]
    ) -> None:
        """H6: strictly increasing in milliseconds, which is what pages compare."""
        assert [answers(ada, session, since=stamp) for stamp in stamps] == [
            list("bcdef"), list("cdef"), list("def"), list("ef"), ["f"], []
        ]  # fmt: skip

    def test_are_not_lost_to_a_page_that_keeps_whole_seconds(
        self, ada: Caller, session: str, stamps: list[str]
    ) -> None:
        for since in (stamps[0][:19] + "Z", stamps[0][:19].replace("T", " ")):
            assert answers(ada, session, since=since) == list("abcdef")

    @pytest.mark.parametrize(
        "path", ["/api/v1/?action=responses&", "/api/v1/responses?", "/chat/api/get_responses?"]
    )
    @pytest.mark.parametrize("form", [
        "{day}T{hour:02}:{rest}%2B02:00", "{day}T{hour:02}:{rest}+02:00",
        "{day} {hour:02}:{rest} 0200", "{day}t{hour:02}:{rest}+02",
        "{day}T{hour:02}:{rest}000%2B02:00",
    ])  # fmt: skip
    def test_are_the_same_for_a_clock_of_another_zone(
        self, ada: Caller, session: str, stamps: list[str], path: str, form: str
    ) -> None:
        day, hour, rest = stamps[3][:10], int(stamps[3][11:13]) + 2, stamps[3][14:23]
        if hour > 23:
            pytest.skip("the day over there is another one")
        since = form.format(day=day, hour=hour, rest=rest).replace(" ", "%20")
        found = ada.call("GET", f"{path}session_id={session}&since={since}").data["responses"]
        assert [item["response"] for item in found] == ["e", "f"]

    def test_come_after_the_midnight_of_today_in_every_form(
        self, ada: Caller, session: str, stamps: list[str]
    ) -> None:
        for since in (stamps[0][:10] + "T00:00:00Z", stamps[0][:10] + " 00:00:00", stamps[0][:10]):
            assert answers(ada, session, since=since) == list("abcdef")


def idle(own: RunningBridge, session: str) -> None:
    """As if nothing had been said for three days."""
    with closing(sqlite3.connect(own.data_dir / "bridge.db", timeout=10)) as connection, connection:
        connection.execute(
            "UPDATE web_chat_sessions SET last_activity = strftime('%Y-%m-%dT%H:%M:%fZ', 'now',"
            " '-3 days') WHERE session_id = ?", (session,)
        )  # fmt: skip


def state(admin: Caller, session: str) -> Item:
    found: Item = admin.get("session_messages", session_id=session).data["session"]
    return found


class TestAnIdleSession:
    def test_is_answered_late_and_goes_on(
        self, own: RunningBridge, ada: Caller, admin: Caller, session: str
    ) -> None:
        """H7: expired by flag; its unread message, its uid and its answers stay."""
        said = ada.say(session, "Good morning").data
        idle(own, session)
        cleaned = admin.post("cleanup", None).data
        assert cleaned == {"cleaned_count": 1, "message": "Cleaned up 1 inactive sessions"}
        assert state(admin, session)["status"] == "expired"
        (item,) = caller.agent(own).get("inbox", limit=50).data["messages"]
        assert (item["id"], item["uid"]) == (said["message_id"], said["uid"])
        assert caller.agent(own).reply(session, "Sorry for the delay").status == 200
        assert answers(ada, session) == ["Sorry for the delay"]
        again = ada.say(session, "No matter").data
        assert (again["uid"], again["is_new_user"]) == (said["uid"], False)
        assert state(admin, session)["status"] == "active"

    def test_is_listed_among_all_only(
        self, own: RunningBridge, ada: Caller, admin: Caller, session: str
    ) -> None:
        for name in (session, f"{session}_busy"):
            ada.say(name, "Good morning")
        idle(own, session)
        for active, number in (("true", 1), ("false", 2), ("all", 2)):
            data = admin.get("sessions", active=active).data
            assert (len(data["sessions"]), data["pagination"]["total"]) == (number, number)

    @pytest.mark.parametrize("action", ["responses", "events"])
    def test_is_not_idle_while_somebody_reads_on(
        self, own: RunningBridge, ada: Caller, admin: Caller, session: str, action: str
    ) -> None:
        ada.say(session, "Good morning")
        for cursor, expired in (("0", 0), (None, 1)):
            idle(own, session)
            query = {"cursor": cursor} if cursor and action == "responses" else {}
            if cursor or action == "responses":
                ada.get(action, session_id=session, **query)
            assert admin.post("cleanup", None).data["cleaned_count"] == expired


def test_clearing_everything_says_what_was_there_under_every_name(
    own: RunningBridge, ada: Caller, admin: Caller, session: str
) -> None:
    ada.say(session, "Good morning")
    caller.agent(own).reply(session, "Hello")
    data = admin.post("clear_data", None).data
    assert data["remaining_data"] == {"sessions": 0, "messages": 0, "responses": 0}
    for noun in ("sessions", "messages", "responses"):
        assert data["cleaned_data"][noun] == data[f"cleared_{noun}"] == 1


def test_a_list_of_sessions_holds_50_and_turns_the_page(ada: Caller, admin: Caller) -> None:
    for number in range(51):
        ada.say(f"session_many{number}", "hi", agent_id="sheets")
    data = admin.get("sessions").data
    assert len(data["sessions"]) == 50
    assert data["pagination"] == {"total": 51, "limit": 50, "offset": 0, "has_more": True}
