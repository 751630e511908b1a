"""What everybody relies on in a store, whichever one it is. A new backend is a row in `STORES`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chat_bridge.model import Key, Step, StepCount
from chat_bridge.ports import (
    Asking,
    AttachmentRow,
    Beat,
    Description,
    Hold,
    JobEnd,
    MessageRow,
    NewEvent,
    Opening,
    ResponseRow,
    Store,
)
from tests.builders import new_store

STORES: dict[str, Callable[[Path], Store]] = {
    "sqlite": lambda folder: new_store(folder / "bridge.db"),
}
NOW, NOW_MS, LATER = "2026-11-21T12:00:00.000Z", 1_795_262_400_000, "2026-11-21T12:00:01.000Z"
BOOT, OTHER_BOOT = "boot-1", "boot-2"
ADA = Opening(
    session_id="session_ada", chat_id="chat-ada", uid="aabbccddeeff0011", token_hash="hash",
    bound=False, agent_id=None, title="Hello", partition_key="2026/11", ip_address=None,
    user_agent=None, now=NOW, now_ms=NOW_MS,
)  # fmt: skip
HELLO = MessageRow(
    session_id="session_ada", message="Hello", client_msg_id=None, body_hash=None, timestamp=NOW,
    client_timestamp=None, uid="aabbccddeeff0011", is_new_user=True, agent_id=None,
    attachments=(), job_id=None,
)  # fmt: skip
HI = ResponseRow(
    session_id="session_ada", response_id="r-1", response="Hi", message_id=None, kind="text",
    timestamp=LATER, idempotency_key=None, body_hash=None, metadata={},
)  # fmt: skip
ANYBODY = Asking(consumer="key:1", any_agent=True, agent_id=None, after_id=0, now=100, boot=BOOT)
HOLD = Hold(consumer="key:1", until=200, boot=BOOT, style="explicit")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """With Ada's session in it."""
    store = STORES[request.param](tmp_path)
    with store.write():
        store.sessions.touch(ADA)
    return store


def waiting(store: Store, asking: Asking = ANYBODY) -> list[int]:
    return [message.id for message in store.inbox.waiting(asking, 10)]


def test_a_write_is_all_or_nothing(store: Store) -> None:
    def fail() -> None:
        with store.write():
            store.messages.add(HELLO)
            store.events.add(NewEvent("session_ada", "message.created", NOW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.messages.page("session_ada", None, 10) == []
    assert store.events.newest() == 0


class TestSessions:
    def test_are_opened_once_and_keep_what_they_are(self, store: Store) -> None:
        other = replace(ADA, chat_id="other", uid="other", token_hash="other", title="Other",
                        bound=True)  # fmt: skip
        with store.write():
            session, _ = store.sessions.touch(other)
        assert (session.chat_id, session.uid, session.token_hash) == ("chat-ada", ADA.uid, "hash")
        assert (session.title, session.bound) == ("Hello", False)

    def test_stamps_strictly_increase_whatever_the_clock_does(self, store: Store) -> None:
        stamps = []
        with store.write():
            for clock in (NOW_MS, NOW_MS, NOW_MS - 5_000, NOW_MS + 10, NOW_MS):
                stamps.append(store.sessions.touch(replace(ADA, now_ms=clock))[1])
                stamps.append(store.sessions.stamp("session_ada", now=NOW, now_ms=clock))
        assert stamps == sorted({stamp for stamp in stamps if stamp})

    def test_that_nobody_opened_have_no_stamp(self, store: Store) -> None:
        with store.write():
            assert store.sessions.stamp("session_nobody", now=NOW, now_ms=NOW_MS) is None
        assert store.sessions.find("session_nobody") is None

    def test_erased_take_everything_along(self, store: Store) -> None:
        with store.write():
            message = store.messages.add(HELLO)
            store.responses.add(HI)
            store.events.add(NewEvent("session_ada", "message.created", NOW, message_id=message))
            store.jobs.add("job_1", "session_ada", kind="command", command="", file=None, now=NOW)
            store.jobs.attach("job_1", message)
            newest = store.events.newest()
            assert store.sessions.erase("session_ada")
            assert not store.sessions.erase("session_ada")
        assert store.messages.find(message) is None
        assert store.jobs.find("job_1") is None
        assert store.events.after(0, 10) == []
        assert store.events.newest() == newest


class TestTheInbox:
    @pytest.fixture
    def message(self, store: Store) -> int:
        with store.write():
            return store.messages.add(HELLO)

    def test_leases_a_message_once(self, store: Store, message: int) -> None:
        with store.write():
            assert store.inbox.lease(message, HOLD, "r1")
            assert not store.inbox.lease(message, HOLD, "r2")
        found = store.inbox.by_receipt("r1")
        assert found
        assert (found.id, found.state, found.attempts, found.leased_by) == (
            message, "leased", 1, "key:1",
        )  # fmt: skip
        assert store.inbox.by_receipt("r2") is None
        assert waiting(store) == []

    def test_knows_which_leases_ended(self, store: Store, message: int) -> None:
        with store.write():
            store.inbox.lease(message, HOLD, "r1")
        assert not store.inbox.any_ended(199, BOOT)
        for now, boot in ((200, BOOT), (1, OTHER_BOOT)):
            assert store.inbox.any_ended(now, boot)
            assert [m.id for m in store.inbox.ended(now, boot)] == [message]

    def test_keeps_a_delayed_message_and_those_behind_it_back(
        self, store: Store, message: int
    ) -> None:
        with store.write():
            store.inbox.lease(message, HOLD, "r1")
            store.inbox.release(message, not_before=150, boot=BOOT, reason="later")
            behind = store.messages.add(HELLO)
        assert waiting(store) == []
        assert waiting(store, replace(ANYBODY, now=150)) == [message, behind]
        assert waiting(store, replace(ANYBODY, boot=OTHER_BOOT)) == [message, behind]

    def test_tells_agents_apart(self, store: Store, message: int) -> None:
        sheets = store.agents.all()[0].id
        with store.write():
            other = store.messages.add(replace(HELLO, agent_id=sheets))
        assert waiting(store) == [message, other]
        assert waiting(store, replace(ANYBODY, any_agent=False)) == [message]
        assert waiting(store, replace(ANYBODY, any_agent=False, agent_id=sheets)) == [other]
        assert store.inbox.count(ANYBODY, 1) == 1

    def test_leaves_commands_to_the_worker(self, store: Store) -> None:
        with store.write():
            store.messages.add(replace(HELLO, job_id="job_1"))
        assert waiting(store) == []

    def test_gives_what_is_held_in_order(self, store: Store, message: int) -> None:
        with store.write():
            second = store.messages.add(HELLO)
            for number in (second, message):
                store.inbox.lease(number, HOLD, f"r{number}")
        assert [m.id for m in store.inbox.held_by("key:1")] == [message, second]
        assert store.inbox.held_by("key:2") == []


class TestEvents:
    def test_are_numbered_without_reuse(self, store: Store) -> None:
        for _ in range(2):
            with store.write():
                store.events.add(
                    NewEvent("session_ada", "message.created", NOW, payload={"a": [1]})
                )
        first, second = store.events.after(0, 10)
        assert (second.seq, first.payload) == (first.seq + 1, {"a": [1]})
        with store.write():
            assert store.events.last_before(LATER) == second.seq
            assert store.events.last_before(NOW) is None
            assert [store.events.prune(second.seq, 1) for _ in range(3)] == [1, 1, 0]
        assert store.events.newest() == second.seq
        with store.write():
            store.events.add(NewEvent("session_ada", "message.created", NOW))
        assert store.events.after(second.seq, 10)[0].seq == second.seq + 1

    def test_who_may_see_one_follows_from_its_kind(self, store: Store) -> None:
        with store.write():
            for kind in ("response.created", "desk.noted"):
                store.events.add(NewEvent("session_ada", kind, NOW))
        assert [row.kind for row in store.events.after(0, 9)] == ["response.created"]
        seen = [row.audience for row in store.events.after(0, 9, operator=True)]
        assert seen == ["visitor", "operator"]

    def test_a_kind_that_nobody_listed_is_not_stored(self, store: Store) -> None:
        with pytest.raises(KeyError), store.write():
            store.events.add(NewEvent("session_ada", "desk.whispered", NOW))
        assert store.events.newest() == 0

    def test_come_with_bodies_on_request(self, store: Store) -> None:
        with store.write():
            message, response = store.messages.add(HELLO), store.responses.add(HI)
        assert store.events.messages([message, 99])[message].text == "Hello"
        assert store.events.responses([response, 99])[response].text == "Hi"


def test_a_response_is_found_by_its_key_and_day(store: Store) -> None:
    with store.write():
        store.responses.add(replace(HI, idempotency_key="k", body_hash="h", metadata={"a": {}}))
    found = store.responses.by_key("session_ada", "k")
    assert found
    assert (found[0].text, found[0].metadata, found[1]) == ("Hi", {"a": {}}, "h")
    assert store.responses.by_key("session_grace", "k") is None
    assert len(store.responses.since("session_ada", "2026-11-21", 10, 1)) == 1
    assert store.responses.since("session_ada", "2026-11-22", 10, 1) == []


def test_a_job_is_held_by_its_fence(store: Store) -> None:
    with store.write():
        store.jobs.add("job_1", "session_ada", kind="command", command="/x", file=None, now=NOW)
        assert store.jobs.next(1, BOOT) == "job_1"
        assert store.jobs.start("job_1", Beat("worker-1", 100, BOOT), now=NOW)
        assert not store.jobs.start("job_1", Beat("worker-2", 100, BOOT), now=NOW)
        store.jobs.set_steps("job_1", [Step("search", {"city": "Berlin"}, "Search")])
        store.jobs.count_steps("job_1", [StepCount(10, 3)])
        assert store.jobs.beat("job_1", 1, 200)
        assert not store.jobs.beat("job_1", 2, 200)
        assert not store.jobs.end("job_1", 2, JobEnd("completed"), now=LATER)
        assert store.jobs.end("job_1", 1, JobEnd("completed", {"rows": 3}), now=LATER)
    job = store.jobs.find("job_1")
    assert job
    assert (job.status, job.result, job.finished_at) == ("completed", {"rows": 3}, LATER)
    assert (job.steps[0].rows_in, job.steps[0].rows_out) == (10, 3)


def test_an_attachment_is_named_once_and_described_later(store: Store) -> None:
    row = AttachmentRow("session_ada", "list.csv", "upload", "text/csv", "ab" * 32, 12)
    about = Description(2, [{"name": "city", "type": "text"}], {"rows": [["Köln"]]})
    with store.write():
        store.attachments.add(row, now=NOW)
        assert store.attachments.describe("session_ada", "list.csv", about)
        assert not store.attachments.describe("session_ada", "gone.csv", about)
    found = store.attachments.find("session_ada", "list.csv")
    assert found
    assert (found.rows, found.preview) == (2, {"rows": [["Köln"]]})
    assert store.attachments.used("ab" * 32)
    assert not store.attachments.used("cd" * 32)


def test_a_key_is_found_by_its_prefix_and_ended_once(store: Store) -> None:
    key = Key(0, "Charles", "sk_abcdefgh", "hash", frozenset({"inbox"}), None, None, None, None)
    with store.write():
        store.keys.add(key, now=NOW)
        assert store.keys.revoke("sk_abcdefgh", now=NOW)
        assert not store.keys.revoke("sk_abcdefgh", now=NOW)
    (found,) = store.keys.candidates("sk_abcdefgh", "cfg_x")
    assert (found.name, found.scopes, found.revoked_at) == ("Charles", {"inbox"}, NOW)
    assert store.keys.candidates("sk_zzzzzzzz", "cfg_x") == []


def test_a_setting_keeps_its_description(store: Store) -> None:
    for value in ("one", "two"):
        with store.write():
            store.settings.put("colour", value, description="of the door", secret=False, now=NOW)
    assert store.settings.get("colour") == "two"
    assert store.settings.get("shape") is None


def test_it_can_be_asked_whether_it_works(store: Store) -> None:
    store.ping()
    assert store.version()
