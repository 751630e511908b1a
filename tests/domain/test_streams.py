"""Answers in pieces: in order, once, whole at the end, and never left half said without a word."""

from typing import Any

import pytest

from chat_bridge.errors import (
    IdempotencyConflict,
    MissingFields,
    StreamEnded,
    StreamOutOfOrder,
    StreamTooLong,
    TooManyStreams,
)
from chat_bridge.model import Key, Piece, Response, Stream
from tests.builders import ADAS_CHAT, House

CHARLES = "Charles"


@pytest.fixture
def charles(house: House) -> Key:
    house.say("How does the engine work?")
    return house.key(CHARLES)


def add(house: House, key: Key, text: str = "", **more: Any) -> Stream:
    stage = more.pop("stage", "delta")
    name = more.pop("name", "engine")
    return house.streams.add(Piece(stage, ADAS_CHAT, name, text, **more), key)


def end(house: House, key: Key, text: str = "", **more: Any) -> Response | None:
    name = more.pop("name", "engine")
    return house.streams.end(Piece("end", ADAS_CHAT, name, text, **more), key)


def stored(house: House) -> list[str]:
    return [one.text for one in house.store.responses.since(ADAS_CHAT, "", 100, 100_000)]


def told(house: House) -> list[dict[str, Any]]:
    events = house.feed.after(0, 1_000, ADAS_CHAT)
    return [dict(event.data) for event in events if event.kind == "response.delta"]


def test_pieces_become_one_answer(house: House, charles: Key) -> None:
    add(house, charles, stage="start")
    for text in ("Punched ", "cards", " turn ", "it."):
        add(house, charles, text)
    assert stored(house) == []
    pieces = [(one["sequence"], one["offset"], one["delta"]) for one in told(house)[1:]]
    assert pieces == [(1, 0, "Punched "), (2, 8, "cards"), (3, 13, " turn "), (4, 19, "it.")]
    response = end(house, charles)
    assert response is not None
    assert stored(house) == ["Punched cards turn it."]
    assert response.metadata == {"response_id": "engine"}


def test_its_end_leaves_nothing_of_the_pieces(house: House, charles: Key) -> None:
    add(house, charles, "Punched cards")
    end(house, charles)
    assert house.kinds().count("response.created") == 1
    assert told(house) == []
    left = house.store.database.connection.execute("SELECT COUNT(*) FROM response_deltas")
    assert left.fetchone()[0] == 0


class TestARepeatedPiece:
    def test_by_its_number(self, house: House, charles: Key) -> None:
        for number, text in ((1, "one "), (1, "one "), (2, "two"), (1, "one "), (2, "two")):
            add(house, charles, text, sequence=number)
        end(house, charles)
        assert stored(house) == ["one two"]

    def test_by_its_place(self, house: House, charles: Key) -> None:
        for place, text in ((0, "née "), (0, "née "), (4, "Byron"), (4, "Byron")):
            add(house, charles, text, offset=place)
        end(house, charles)
        assert stored(house) == ["née Byron"]

    def test_by_its_key(self, house: House, charles: Key) -> None:
        for key, text in (("a", "ha"), ("a", "ha"), ("b", "ha")):
            add(house, charles, text, idempotency_key=key)
        end(house, charles)
        assert stored(house) == ["haha"]

    def test_of_another_text_is_refused(self, house: House, charles: Key) -> None:
        add(house, charles, "one", sequence=1, offset=0)
        for place in ({"sequence": 1}, {"offset": 0}, {"offset": 1}):
            with pytest.raises(StreamOutOfOrder) as refusal:
                add(house, charles, "uno", **place)
        assert refusal.value.details["length"] == 3

    @pytest.mark.parametrize("place", [{"sequence": 3}, {"offset": 4}])
    def test_a_gap_is_refused(self, house: House, charles: Key, place: dict[str, int]) -> None:
        add(house, charles, "one", sequence=1)
        with pytest.raises(StreamOutOfOrder):
            add(house, charles, "three", **place)

    def test_an_end_said_twice_is_one_answer(self, house: House, charles: Key) -> None:
        add(house, charles, "Yes.")
        first, second = end(house, charles), end(house, charles)
        assert first is not None
        assert first == second
        assert stored(house) == ["Yes."]
        with pytest.raises(IdempotencyConflict):
            end(house, charles, "No.")


def test_the_end_may_bring_the_whole_text(house: House, charles: Key) -> None:
    add(house, charles, "Roughl")
    end(house, charles, "Exactly so.")
    assert stored(house) == ["Exactly so."]


def test_an_end_without_a_word_is_refused(house: House, charles: Key) -> None:
    add(house, charles, " \n", stage="start")
    with pytest.raises(MissingFields):
        end(house, charles)


def test_the_end_acknowledges_the_message(house: House, charles: Key) -> None:
    message = house.poll(charles).deliveries[0].message
    add(house, charles, "Cards", message_id=message.id)
    assert house.state(message.id) == "leased"
    end(house, charles)
    assert house.state(message.id) == "done"


def test_whoever_writes_keeps_the_message(house: House, charles: Key) -> None:
    message = house.poll(charles, lease_seconds=10).deliveries[0].message
    for _ in range(5):
        house.clock.pass_seconds(8)
        add(house, charles, "more ", message_id=message.id)
        house.inbox.sweep()
        assert house.state(message.id) == "leased"


class TestAWriterThatFallsSilent:
    def test_ends_where_it_is(self, house: House, charles: Key) -> None:
        add(house, charles, "Punched ca")
        house.clock.pass_seconds(59)
        house.streams.sweep()
        assert stored(house) == []
        house.clock.pass_seconds(2)
        house.streams.sweep()
        (response,) = house.store.responses.since(ADAS_CHAT, "", 100, 100_000)
        assert response.text == "Punched ca"
        assert response.metadata["incomplete"] is True

    def test_does_not_answer_the_message(self, house: House, charles: Key) -> None:
        message = house.poll(charles).deliveries[0].message
        add(house, charles, "Punched ca", message_id=message.id)
        house.clock.pass_seconds(61)
        house.streams.sweep()
        house.inbox.sweep()
        assert house.state(message.id) == "pending"

    def test_without_a_word_leaves_no_answer(self, house: House, charles: Key) -> None:
        add(house, charles, stage="start")
        house.clock.pass_seconds(61)
        house.streams.sweep()
        assert stored(house) == []
        assert told(house) == [{"stream": "dropped", "response_id": "engine"}]

    def test_is_told_so_and_may_still_say_it_all(self, house: House, charles: Key) -> None:
        add(house, charles, "Punched ca")
        house.clock.pass_seconds(61)
        house.streams.sweep()
        with pytest.raises(StreamEnded, match="silent"):
            add(house, charles, "rds")
        end(house, charles, "Punched cards.")
        end(house, charles, "Punched cards.")
        assert sorted(stored(house)) == ["Punched ca", "Punched cards."]

    def test_may_be_alive_and_say_nothing(self, house: House, charles: Key) -> None:
        add(house, charles, "Well")
        for _ in range(3):
            house.clock.pass_seconds(50)
            add(house, charles)
            house.streams.sweep()
        end(house, charles)
        assert stored(house) == ["Well"]


def test_giving_up_says_so(house: House, charles: Key) -> None:
    message = house.poll(charles).deliveries[0].message
    add(house, charles, "I thi", message_id=message.id)
    response = end(house, charles, incomplete=True)
    assert response is not None
    assert response.metadata["incomplete"] is True
    assert house.state(message.id) == "leased"


def test_a_second_try_at_a_message_replaces_the_first(house: House, charles: Key) -> None:
    message = house.poll(charles).deliveries[0].message
    add(house, charles, "Punched ca", message_id=message.id, name="first")
    add(house, charles, "Punched cards", message_id=message.id, name="second")
    house.clock.pass_seconds(61)
    end(house, charles, name="second")
    house.streams.sweep()
    assert stored(house) == ["Punched cards"]


class TestAVisitorWhoStopsIt:
    def test_keeps_what_is_there(self, house: House, charles: Key) -> None:
        message = house.poll(charles).deliveries[0].message
        add(house, charles, "Long ago", message_id=message.id)
        response = house.streams.stop(ADAS_CHAT, "engine")
        assert response is not None
        assert response.metadata["stopped"] is True
        assert house.state(message.id) == "done"
        with pytest.raises(StreamEnded, match="stopped"):
            add(house, charles, ", in")
        assert end(house, charles) == response

    def test_twice_changes_nothing(self, house: House, charles: Key) -> None:
        add(house, charles, "Long ago")
        first = house.streams.stop(ADAS_CHAT, "engine")
        assert house.streams.stop(ADAS_CHAT, "engine") == first
        with pytest.raises(StreamEnded):
            house.streams.stop(ADAS_CHAT, "another")


class TestLimits:
    def test_of_length(self, house: House, charles: Key) -> None:
        add(house, charles, "x" * 1_000)
        with pytest.raises(StreamTooLong):
            add(house, charles, "x")

    def test_of_answers_at_once(self, house: House, charles: Key) -> None:
        for number in range(20):
            add(house, charles, "x", name=f"n{number}")
        with pytest.raises(TooManyStreams):
            add(house, charles, "x", name="one more")


def test_a_transcript_shows_the_text_so_far(house: House, charles: Key) -> None:
    add(house, charles, "Punched ")
    add(house, charles, "ca")
    session = house.sessions.find(ADAS_CHAT)
    (growing,) = house.transcripts.page(session, None, 50, house.feed.links).streams
    assert (growing["response"], growing["offset"], growing["sequence"]) == ("Punched ca", 10, 2)


def test_erasing_a_conversation_erases_what_is_being_written(house: House, charles: Key) -> None:
    add(house, charles, "A secret")
    house.sessions.erase(house.sessions.find(ADAS_CHAT))
    left = house.store.database.connection.execute("SELECT COUNT(*) FROM response_deltas")
    assert left.fetchone()[0] == 0
