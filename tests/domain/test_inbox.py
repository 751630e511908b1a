"""Who gets which message, in which order, and what ends a lease."""

import pytest

from chat_bridge.domain import times
from chat_bridge.domain.inbox import Poll
from chat_bridge.errors import LeaseLost, MessageNotFound
from chat_bridge.model import NewMessage
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, receipts, texts


def test_a_poll_leases_what_waits_in_order(house: House) -> None:
    for number in range(3):
        house.say(f"message {number}")
    page = house.poll(house.key(), lease_seconds=30)
    assert texts(page) == ["message 0", "message 1", "message 2"]
    first = page.deliveries[0]
    assert (first.attempt, first.agent) == (1, "default")
    assert first.lease_expires_at == "2026-11-21T12:00:30.000Z"
    assert len(set(receipts(page))) == 3
    assert house.kinds().count("message.leased") == 3


def test_two_holders_never_get_the_same_message(house: House) -> None:
    house.say("Only once")
    assert texts(house.poll(house.key("Charles"))) == ["Only once"]
    assert texts(house.poll(house.key("Edsger"))) == []


def test_an_empty_poll_writes_nothing(house: House) -> None:
    key = house.key()
    house.poll(key)
    before = house.store.database.connection.total_changes
    house.poll(key)
    assert house.store.database.connection.total_changes == before


class TestATurn:
    def test_goes_to_one_holder_and_the_rest_waits(self, house: House) -> None:
        for number in range(3):
            house.say(f"message {number}")
        charles, edsger = house.key("Charles"), house.key("Edsger")
        page = house.poll(charles, limit=2)
        assert texts(page) == ["message 0", "message 1"]
        house.say("meanwhile")
        assert texts(house.poll(edsger)) == []
        assert texts(house.poll(charles)) == []
        house.inbox.acknowledge(charles, receipts(page))
        assert texts(house.poll(edsger)) == ["message 2", "meanwhile"]

    def test_of_another_session_does_not_wait(self, house: House) -> None:
        house.say("Ada's")
        house.poll(house.key("Charles"))
        house.say("Grace's", GRACES_CHAT, GRACE)
        assert texts(house.poll(house.key("Edsger"))) == ["Grace's"]

    def test_is_not_done_while_one_of_its_messages_is_held(self, house: House) -> None:
        house.say("One")
        house.say("Two")
        key = house.key()
        page = house.poll(key)
        house.inbox.acknowledge(key, receipts(page)[:1])
        house.say("Three")
        assert texts(house.poll(key)) == []


class TestALease:
    def test_that_ends_brings_the_message_back_unchanged(self, house: House) -> None:
        house.say("Again")
        first = house.poll(house.key("Charles"), lease_seconds=10).deliveries[0]
        house.clock.pass_seconds(11)
        again = house.poll(house.key("Edsger")).deliveries[0]
        assert (again.message.id, again.message.timestamp) == (
            first.message.id,
            first.message.timestamp,
        )
        assert (again.attempt, again.receipt == first.receipt) == (2, False)
        assert "message.released" in house.kinds()

    def test_does_not_end_when_the_wall_clock_jumps(self, house: House) -> None:
        house.say("Held")
        house.poll(house.key("Charles"), lease_seconds=10)
        house.clock.wall += 86_400_000
        assert texts(house.poll(house.key("Edsger"))) == []

    def test_ends_with_a_restart_of_the_machine(self, house: House) -> None:
        house.say("Held")
        house.poll(house.key("Charles"), lease_seconds=40_000)
        house.clock.restart_machine()
        assert texts(house.poll(house.key("Edsger"))) == ["Held"]

    def test_can_be_extended(self, house: House) -> None:
        house.say("Held")
        charles = house.key("Charles")
        page = house.poll(charles, lease_seconds=10)
        house.clock.pass_seconds(9)
        assert house.inbox.extend(charles, receipts(page), 60) == "2026-11-21T12:01:09.000Z"
        house.clock.pass_seconds(50)
        assert texts(house.poll(house.key("Edsger"))) == []
        house.clock.pass_seconds(11)
        with pytest.raises(LeaseLost):
            house.inbox.extend(charles, receipts(page), 60)


class TestAReceipt:
    def test_or_the_messages_number_ends_the_lease(self, house: House) -> None:
        first, second = house.say("One").message.id, house.say("Two").message.id
        key = house.key()
        page = house.poll(key)
        assert house.inbox.acknowledge(key, [receipts(page)[0], second]) == [first, second]
        assert (house.state(first), house.state(second)) == ("done", "done")

    def test_given_in_both_ways_counts_once(self, house: House) -> None:
        message = house.say("One").message.id
        key = house.key()
        receipt = receipts(house.poll(key))[0]
        given = house.inbox.give_back(key, [receipt, message], delay_seconds=0, reason="tired")
        assert given == [message]
        assert house.kinds().count("message.released") == 1

    def test_that_is_stale_is_a_conflict(self, house: House) -> None:
        house.say("One")
        charles = house.key("Charles")
        stale = receipts(house.poll(charles, lease_seconds=10))
        house.clock.pass_seconds(11)
        with pytest.raises(LeaseLost):
            house.inbox.acknowledge(charles, stale)
        fresh = receipts(house.poll(charles))
        with pytest.raises(LeaseLost) as caught:
            house.inbox.acknowledge(charles, stale)
        assert caught.value.details["receipt"] == stale[0]
        assert house.inbox.acknowledge(charles, fresh)

    def test_may_be_acknowledged_twice_because_the_first_answer_may_be_lost(
        self, house: House
    ) -> None:
        message = house.say("One").message.id
        charles, diana = house.key("Charles"), house.key("Diana")
        receipt = receipts(house.poll(charles))
        assert house.inbox.acknowledge(charles, receipt) == [message]
        before = len(house.kinds())
        assert house.inbox.acknowledge(charles, receipt) == [message]
        assert house.inbox.acknowledge(charles, [message]) == [message]
        assert len(house.kinds()) == before
        with pytest.raises(LeaseLost):
            house.inbox.give_back(charles, receipt, delay_seconds=0, reason="")
        with pytest.raises(LeaseLost):
            house.inbox.acknowledge(diana, [message])

    def test_that_is_stale_spoils_its_whole_batch(self, house: House) -> None:
        one, two = house.say("One").message.id, house.say("Two").message.id
        key = house.key()
        page = house.poll(key)
        before = len(house.kinds())
        for act in (
            lambda names: house.inbox.acknowledge(key, names),
            lambda names: house.inbox.give_back(key, names, delay_seconds=0, reason=""),
            lambda names: house.inbox.extend(key, names, 60),
        ):
            with pytest.raises(LeaseLost) as caught:
                act([*receipts(page), "r1_long-ago"])
            assert caught.value.details["receipt"] == "r1_long-ago"
        assert (house.state(one), house.state(two)) == ("leased", "leased")
        assert len(house.kinds()) == before

    def test_of_somebody_else_is_of_no_use(self, house: House) -> None:
        house.say("One")
        page = house.poll(house.key("Charles"))
        with pytest.raises(LeaseLost):
            house.inbox.acknowledge(house.key("Edsger"), receipts(page))

    def test_of_a_message_that_never_was_is_not_found(self, house: House) -> None:
        with pytest.raises(MessageNotFound):
            house.inbox.acknowledge(house.key(), [4711])


class TestGivingBack:
    def test_hands_it_to_the_next_one(self, house: House) -> None:
        house.say("One")
        charles = house.key("Charles")
        page = house.poll(charles)
        house.inbox.give_back(charles, receipts(page), delay_seconds=0, reason="too hard")
        assert house.poll(house.key("Edsger")).deliveries[0].attempt == 2

    def test_with_a_delay_keeps_the_order_of_the_session(self, house: House) -> None:
        house.say("One")
        key = house.key()
        page = house.poll(key)
        house.inbox.give_back(key, receipts(page), delay_seconds=60, reason="later")
        house.say("Two")
        house.say("Hers", GRACES_CHAT, GRACE)
        assert texts(house.poll(key, lease_seconds=600)) == ["Hers"]
        house.clock.pass_seconds(61)
        assert texts(house.poll(key)) == ["One", "Two"]

    def test_with_a_delay_is_over_after_a_restart(self, house: House) -> None:
        house.say("One")
        key = house.key()
        page = house.poll(key)
        house.inbox.give_back(key, receipts(page), delay_seconds=3_600, reason="later")
        house.clock.restart_machine()
        assert texts(house.poll(key)) == ["One"]

    def test_undone_by_a_broken_connection_costs_no_attempt(self, house: House) -> None:
        house.say("One")
        key = house.key()
        house.inbox.undo(key, receipts(house.poll(key)))
        assert house.poll(key).deliveries[0].attempt == 1


def test_peeking_takes_nothing(house: House) -> None:
    house.say("One")
    key = house.key()
    page = house.inbox.peek(Poll(key))
    assert (texts(page), receipts(page), page.total) == (["One"], [], 1)
    assert texts(house.poll(key)) == ["One"]


def test_after_id_passes_over_earlier_messages(house: House) -> None:
    first = house.say("One").message.id
    house.say("Two")
    assert texts(house.poll(house.key(), after_id=first)) == ["Two"]


class TestHowMuchWaits:
    """What the caller could be given: whoever goes on while there is more shall find it."""

    @pytest.fixture(autouse=True)
    def four(self, house: House) -> None:
        for number in range(4):
            house.say(f"{number}", f"session_{number}")
            house.clock.pass_seconds(1)

    def test_is_told_with_a_page(self, house: House) -> None:
        page = house.poll(house.key(), limit=3)
        assert (len(page.deliveries), page.total) == (3, 4)

    def test_is_not_what_an_operator_holds(self, house: House) -> None:
        ana, _ = house.accounts.add("ana", "operator", "test", password="blue horses at dawn")
        house.office.desk.claim("session_0", ana)
        house.say("Anyone?", "session_0")
        assert house.inbox.peek(Poll(house.key())).total == 3
        assert house.poll(house.key(), limit=1).total == 3

    def test_is_not_what_waits_behind_a_turn(self, house: House) -> None:
        house.poll(house.key("Edsger"), limit=1)
        house.say("And then?", "session_0")
        assert house.poll(house.key(), limit=1).total == 3
        assert house.poll(house.key(), limit=50).total == 2
        assert house.poll(house.key()).total == 0

    def test_is_not_what_was_given_back_for_later(self, house: House) -> None:
        key = house.key()
        page = house.poll(key, limit=1)
        house.inbox.give_back(key, receipts(page), delay_seconds=60, reason="later")
        assert house.inbox.peek(Poll(key)).total == 3
        house.clock.pass_seconds(61)
        assert house.inbox.peek(Poll(key)).total == 4

    def test_is_counted_behind_what_is_passed_over(self, house: House) -> None:
        second = house.inbox.peek(Poll(house.key())).deliveries[1].message
        since = times.milliseconds(second.timestamp)
        assert house.inbox.peek(Poll(house.key(), after_id=second.id)).total == 2
        assert house.inbox.peek(Poll(house.key(), limit=1, since=since)).total == 2
        assert house.poll(house.key(), since=since).total == 2

    def test_is_an_agents_own(self, house: House) -> None:
        house.add_agent("atlas")
        house.post(NewMessage("session_atlas", "For Atlas", agent="atlas"))
        assert house.inbox.peek(Poll(house.key("Atlas", "atlas"))).total == 1
        assert house.inbox.peek(Poll(house.key(agent="default"))).total == 4
        assert house.inbox.peek(Poll(house.key("All"))).total == 5


def test_an_agent_that_polls_or_holds_is_answering(house: House) -> None:
    default = house.agents.resolve("default")
    assert not house.agents.answering(default)
    house.say("One")
    house.poll(house.key(), lease_seconds=200)
    assert house.agents.answering(house.agents.resolve("default"))
    house.clock.pass_seconds(100)
    assert house.agents.answering(house.agents.resolve("default"))
    house.clock.pass_seconds(101)
    assert not house.agents.answering(house.agents.resolve("default"))


def test_the_visitor_sees_where_the_message_is(house: House) -> None:
    message = house.say("One").message.id
    assert house.store.messages.page(ADAS_CHAT, None, 1)[0].state == "pending"
    key = house.key()
    house.inbox.acknowledge(key, receipts(house.poll(key)))
    assert house.state(message) == "done"
