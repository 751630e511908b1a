"""Clients that know nothing of leases lose nothing and, as far as possible, repeat nothing."""

import pytest

from chat_bridge.model import Key
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, texts

LEGACY = {"style": "legacy", "lease_seconds": 300}
PLUGIN = {"style": "plugin", "lease_seconds": 300}
PROBE = {**PLUGIN, "limit": 1, "probe": True}


@pytest.fixture
def key(house: House) -> Key:
    return house.key()


class TestAnOldClient:
    def test_is_served_once_and_its_next_poll_means_handed_over(
        self, house: House, key: Key
    ) -> None:
        message = house.say("One").message.id
        assert texts(house.poll(key, **LEGACY)) == ["One"]
        assert house.state(message) == "leased"
        assert texts(house.poll(key, **LEGACY)) == []
        assert house.state(message) == "done"

    def test_gets_the_rest_and_what_came_meanwhile_with_that_poll(
        self, house: House, key: Key
    ) -> None:
        for number in range(3):
            house.say(f"{number}")
        assert texts(house.poll(key, limit=2, **LEGACY)) == ["0", "1"]
        house.say("3")
        assert texts(house.poll(key, limit=2, **LEGACY)) == ["2", "3"]

    def test_that_asks_for_one_only_has_handed_nothing_over(self, house: House, key: Key) -> None:
        message = house.say("One").message.id
        house.poll(key, limit=1, **LEGACY)
        house.poll(key, limit=1, **LEGACY)
        assert house.state(message) == "leased"
        house.reply(key, "Answer")
        assert house.state(message) == "done"

    def test_that_crashed_gets_it_again_unchanged(self, house: House, key: Key) -> None:
        house.say("One")
        first = house.poll(key, **LEGACY).deliveries[0].message
        house.clock.pass_seconds(301)
        again = house.poll(key, **LEGACY).deliveries[0].message
        assert (again.id, again.timestamp) == (first.id, first.timestamp)

    def test_of_another_key_hands_nothing_over(self, house: House, key: Key) -> None:
        message = house.say("One").message.id
        house.poll(key, **LEGACY)
        house.poll(house.key("Edsger"), **LEGACY)
        assert house.state(message) == "leased"

    def test_does_not_end_the_leases_of_a_new_one_with_its_key(
        self, house: House, key: Key
    ) -> None:
        message = house.say("One").message.id
        house.poll(key, style="explicit")
        house.poll(key, **LEGACY)
        assert house.state(message) == "leased"

    def test_never_loses_what_its_since_hides(self, house: House, key: Key) -> None:
        """Hidden from the answer means not leased either, or the next poll would end it."""
        old = house.say("Old").message.id
        since = house.clock.now_ms() + 10_000
        house.clock.pass_seconds(20)
        house.say("New", GRACES_CHAT, GRACE)
        assert texts(house.poll(key, since=since, **LEGACY)) == ["New"]
        assert texts(house.poll(key, since=since, **LEGACY)) == []
        assert house.state(old) == "pending"
        assert texts(house.poll(key, **LEGACY)) == ["Old"]


class TestThePlugin:
    def test_is_served_each_message_once_more_and_then_no_more(
        self, house: House, key: Key
    ) -> None:
        message = house.say("One").message.id
        first = house.poll(key, **PLUGIN).deliveries[0]
        again = house.poll(key, **PLUGIN).deliveries[0]
        assert (first.message.id, first.message.timestamp) == (
            again.message.id,
            again.message.timestamp,
        )
        assert (first.receipt, first.attempt) == (again.receipt, again.attempt)
        assert house.state(message) == "leased"
        assert texts(house.poll(key, **PLUGIN)) == []
        assert house.state(message) == "done"

    def test_gets_new_messages_of_the_same_session_beside_the_repeat(
        self, house: House, key: Key
    ) -> None:
        house.say("One")
        house.poll(key, **PLUGIN)
        house.say("Two")
        assert texts(house.poll(key, **PLUGIN)) == ["One", "Two"]
        assert texts(house.poll(key, **PLUGIN)) == ["Two"]
        assert texts(house.poll(key, **PLUGIN)) == []

    def test_is_done_with_a_session_it_answers(self, house: House, key: Key) -> None:
        message = house.say("One").message.id
        house.poll(key, **PLUGIN)
        house.reply(key, "Answer")
        assert house.state(message) == "done"
        assert texts(house.poll(key, **PLUGIN)) == []

    def test_its_probe_takes_nothing(self, house: House, key: Key) -> None:
        house.say("One")
        assert texts(house.poll(key, **PROBE)) == []
        assert texts(house.poll(key, **PLUGIN)) == ["One"]

    def test_its_probe_brings_back_what_the_crashed_one_had(self, house: House, key: Key) -> None:
        message = house.say("One").message.id
        for _ in range(2):
            house.poll(key, **PLUGIN)
        house.poll(key, **PROBE)
        assert house.state(message) == "pending"
        again = house.poll(key, **PLUGIN).deliveries[0]
        assert (again.message.id, again.attempt) == (message, 1)

    def test_its_probe_leaves_other_keys_alone(self, house: House, key: Key) -> None:
        message = house.say("One").message.id
        house.poll(house.key("Edsger"), **PLUGIN)
        house.poll(key, **PROBE)
        assert house.state(message) == "leased"

    def test_never_exceeds_its_limit_with_repeats(self, house: House, key: Key) -> None:
        for number in range(5):
            house.say(f"{number}")
        assert len(house.poll(key, limit=3, **PLUGIN).deliveries) == 3
        assert texts(house.poll(key, limit=3, **PLUGIN)) == ["0", "1", "2"]
        assert texts(house.poll(key, limit=3, **PLUGIN)) == ["3", "4"]


def test_a_session_of_another_program_is_delivered(house: House, key: Key) -> None:
    """Only the founding columns; its time has the founding form."""
    with house.store.write():
        connection = house.store.database.connection
        connection.execute("INSERT INTO web_chat_sessions (session_id) VALUES (?)", (ADAS_CHAT,))
        connection.execute(
            "INSERT INTO web_chat_messages (session_id, message, timestamp) "
            "VALUES (?, 'From outside', '2026-11-21 09:08:07')",
            (ADAS_CHAT,),
        )
    assert texts(house.poll(key, **LEGACY)) == ["From outside"]
