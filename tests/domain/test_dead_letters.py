"""What becomes of a message nobody can answer, and of keys that answer for one agent."""

import pytest

from chat_bridge.errors import AgentNotFound, Forbidden, MessageNotFound
from chat_bridge.model import NewMessage
from tests.builders import ADA, House, receipts, texts


class TestADeadLetter:
    @pytest.fixture
    def dead(self, house: House) -> int:
        message = house.say("Impossible").message.id
        key = house.key("Charles")
        for _ in range(house.inbox.max_attempts):
            page = house.poll(key)
            house.inbox.give_back(key, receipts(page), delay_seconds=0, reason="cannot")
        return message

    def test_is_made_after_the_last_attempt(self, house: House, dead: int) -> None:
        assert house.inbox.max_attempts == 5
        assert house.state(dead) == "dead"
        assert house.kinds()[-1] == "message.dead"
        assert texts(house.poll(house.key("Edsger"))) == []
        (event,) = house.feed.after(0)[-1:]
        assert event.data == {"message_id": dead, "reason": "cannot"}

    def test_lets_later_messages_through(self, house: House, dead: int) -> None:
        house.say("Possible")
        assert texts(house.poll(house.key("Edsger"))) == ["Possible"]

    def test_comes_back_with_all_its_attempts(self, house: House, dead: int) -> None:
        key = house.key("Edsger")
        assert house.inbox.redrive(key, []) == [dead]
        assert house.poll(key).deliveries[0].attempt == 1

    def test_has_to_be_dead_to_come_back(self, house: House, dead: int) -> None:
        alive = house.say("Alive").message.id
        with pytest.raises(MessageNotFound):
            house.inbox.redrive(house.key("Edsger"), [dead, alive])
        assert house.state(dead) == "dead"

    def test_is_made_by_leases_that_end_too(self, house: House) -> None:
        message = house.say("Lost again and again").message.id
        key = house.key()
        for _ in range(5):
            house.poll(key, lease_seconds=1)
            house.clock.pass_seconds(2)
        house.inbox.sweep()
        assert house.state(message) == "dead"


class TestAKeyBoundToAnAgent:
    @pytest.fixture
    def two_agents(self, house: House) -> House:
        house.add_agent("billing")
        house.say("For whoever answers")
        house.post(NewMessage("session_bill", "My invoice?", agent="billing"), ADA)
        return house

    def test_sees_its_agents_messages_only(self, two_agents: House) -> None:
        billing = two_agents.key("Barbara", "billing")
        assert texts(two_agents.poll(billing)) == ["My invoice?"]
        assert texts(two_agents.poll(two_agents.key("Charles", "default"))) == [
            "For whoever answers"
        ]

    def test_cannot_ask_for_another_agents(self, two_agents: House) -> None:
        billing = two_agents.key("Barbara", "billing")
        with pytest.raises(Forbidden):
            two_agents.poll(billing, agent="default")
        assert texts(two_agents.poll(billing, agent="billing")) == ["My invoice?"]

    def test_cannot_end_another_agents_lease(self, two_agents: House) -> None:
        held = two_agents.poll(two_agents.key("Charles", "default")).deliveries[0].message.id
        with pytest.raises(MessageNotFound):
            two_agents.inbox.acknowledge(two_agents.key("Barbara", "billing"), [held])

    def test_unbound_ones_get_all_or_choose(self, two_agents: House) -> None:
        key = two_agents.key()
        assert texts(two_agents.poll(key, agent="billing")) == ["My invoice?"]
        assert texts(two_agents.poll(key)) == ["For whoever answers"]

    def test_nobody_polls_for_the_built_in_agent_or_a_stranger(self, house: House) -> None:
        for name in ("sheets", "nobody"):
            with pytest.raises(AgentNotFound):
                house.poll(house.key(name), agent=name)
