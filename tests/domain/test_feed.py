"""Numbered events: one cursor, nothing twice, nothing missing without saying so."""

import pytest

from chat_bridge.domain.items import Links, event_item
from chat_bridge.errors import CursorExpired, InvalidField
from chat_bridge.events import AUDIENCE
from chat_bridge.model import Event
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, receipts

WEEK = 7 * 86_400


def seqs(events: list[Event]) -> list[int]:
    return [event.seq for event in events]


class TestACursor:
    @pytest.mark.parametrize("absent", [None, ""])
    def test_left_out_means_from_now_on(self, house: House, absent: str | None) -> None:
        house.say("Before")
        cursor = house.feed.cursor(absent)
        assert house.feed.after(cursor) == []
        house.say("After")
        assert len(house.feed.after(cursor)) == 1

    def test_of_nought_means_from_the_oldest_kept(self, house: House) -> None:
        house.say("One")
        assert len(house.feed.after(house.feed.cursor("0"))) == 1

    @pytest.mark.parametrize("text", ["abc", "-1", "1.5", "²", "\u0661", " 1", "9" * 19, "1\0"])
    def test_is_a_number_given_by_an_answer(self, house: House, text: str) -> None:
        with pytest.raises(InvalidField):
            house.feed.cursor(text)

    @pytest.mark.parametrize("session", [None, ADAS_CHAT])
    def test_beyond_the_newest_is_of_another_database(
        self, house: House, session: str | None
    ) -> None:
        """A restored one: whoever waits for its number to come misses all that comes before."""
        house.say("One")
        newest = house.feed.newest()
        assert house.feed.after(newest, session_id=session) == []
        with pytest.raises(CursorExpired) as expired:
            house.feed.after(newest + 1, session_id=session)
        assert expired.value.details["oldest"] == newest


def test_page_after_page_nothing_twice_and_nothing_missing(house: House) -> None:
    for number in range(25):
        house.say(f"{number}")
    cursor, found = 0, []
    while page := house.feed.after(cursor, 4):
        found += page
        cursor = page[-1].seq
    assert seqs(found) == sorted(set(seqs(found)))
    assert [event.data["message"]["message"] for event in found] == [str(n) for n in range(25)]


def test_a_session_sees_its_own_events_only(house: House) -> None:
    house.say("Ada's")
    house.say("Grace's", GRACES_CHAT, GRACE)
    found = house.feed.after(0, session_id=ADAS_CHAT)
    assert {event.session_id for event in found} == {ADAS_CHAT}
    assert len(house.feed.after(0)) == 2


class TestRetention:
    @pytest.fixture
    def pruned(self, house: House) -> int:
        """The number of the last event that was forgotten."""
        for number in range(3):
            house.say(f"old {number}")
        last = house.feed.newest()
        house.clock.pass_seconds(WEEK + 1)
        house.say("new")
        house.upkeep().forget_old_events()
        return last

    def test_is_said_to_a_reader_that_missed_something(self, house: House, pruned: int) -> None:
        with pytest.raises(CursorExpired) as caught:
            house.feed.after(pruned - 1, session_id=ADAS_CHAT)
        assert caught.value.status == 410
        assert caught.value.details == {
            "oldest": pruned,
            "snapshot": f"https://bridge.example/api/v1/sessions/{ADAS_CHAT}/messages",
        }

    def test_costs_an_up_to_date_reader_nothing(self, house: House, pruned: int) -> None:
        assert [e.data["message"]["message"] for e in house.feed.after(pruned)] == ["new"]

    def test_never_refuses_the_very_beginning(self, house: House, pruned: int) -> None:
        assert [e.data["message"]["message"] for e in house.feed.after(0)] == ["new"]

    def test_does_not_lower_the_numbers(self, house: House, pruned: int) -> None:
        house.clock.pass_seconds(WEEK + 1)
        house.upkeep().forget_old_events()
        assert house.feed.newest() == pruned + 1
        house.say("later")
        assert house.feed.newest() == pruned + 2

    def test_with_nothing_to_forget_changes_nothing(self, house: House) -> None:
        house.say("new")
        house.upkeep().forget_old_events()
        assert len(house.feed.after(1, 10)) == 0
        assert len(house.feed.after(0, 10)) == 1


class TestBodies:
    def test_are_joined_in(self, house: House) -> None:
        accepted = house.say("Question?")
        house.upload("list.csv", b"a\n1\n")
        house.reply(house.key(), "*Answer*", attachments=("list.csv",))
        created, replied = house.feed.after(0)
        assert created.data["message"]["message"] == "Question?"
        assert created.data["message"]["agent"] == "default"
        response = replied.data["response"]
        assert response["html"] == "<p><em>Answer</em></p>\n"
        assert response["attachments"][0]["name"] == "list.csv"
        assert response["attachments"][0]["download_url"] == (
            f"https://bridge.example/api/v1/sessions/{ADAS_CHAT}/files/list.csv"
        )
        assert accepted.message.id == created.data["message"]["id"]

    def test_take_the_callers_links(self, house: House) -> None:
        house.say("Hi")
        house.upload("list.csv", b"a\n1\n")
        house.reply(house.key(), "Here", attachments=("list.csv",))
        (event,) = house.feed.load(house.feed.heads(0)[-1:], Links("http://127.0.0.1:8001"))
        url = event.data["response"]["attachments"][0]["download_url"]
        assert url.startswith("http://127.0.0.1:8001/api/v1/")

    def test_that_were_erased_leave_no_event(self, house: House) -> None:
        house.say("Forget me", GRACES_CHAT, GRACE)
        house.say("Keep me")
        heads = house.feed.heads(0)
        house.sessions.erase(house.sessions.find(GRACES_CHAT))
        assert [e.data["message"]["message"] for e in house.feed.load(heads)] == ["Keep me"]
        assert [e.session_id for e in house.feed.after(0)] == [ADAS_CHAT]

    def test_of_a_running_job_are_short(self, house: House) -> None:
        house.say("/info")
        job = house.jobs.claim("worker-1")
        assert job
        house.jobs.begin(job, ())
        created, progress = house.feed.after(1)
        assert created.data["job"]["job_id"] == job.id
        assert progress.data.keys() == {
            "job_id", "message_id", "status", "started_at", "progress", "steps",
        }  # fmt: skip
        assert progress.data["message_id"] == job.message_id


def test_every_kind_that_is_told_is_in_the_list(house: House) -> None:
    key = house.key()
    house.say("One")
    page = house.poll(key)
    house.inbox.give_back(key, receipts(page), delay_seconds=0, reason="x")
    house.reply(key, "Hi", message_id=1)
    house.say("/info")
    house.jobs.cancel(house.jobs.of_session(ADAS_CHAT)[0])
    assert set(house.kinds()) <= AUDIENCE.keys()


@pytest.mark.parametrize(
    "metadata",
    [
        {"attachments": 5},
        {"attachments": "list.csv"},
        {"attachments": None},
        {"attachments": {"a": 1}},
        {"attachments": [1, None, {"a": [1]}, "gone.csv"]},
        {"buttons": 5, "preview": "x", "job_id": [1]},
        {"response": "other", "html": "<script>", "id": -1, "type": "message"},
    ],
)
def test_no_metadata_spoils_the_feed(house: House, metadata: dict[str, object]) -> None:
    house.say("Hi")
    house.reply(house.key(), "Hello", metadata=metadata)
    (event,) = house.feed.after(1)
    item = event_item(event)["data"]["response"]
    assert (item["type"], item["response"], item["html"]) == ("response", "Hello", "<p>Hello</p>\n")
    assert item["attachments"] == []
