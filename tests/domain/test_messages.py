"""A message is stored once, in order, with its event and its job."""

from dataclasses import replace

import pytest

from chat_bridge.errors import AgentNotFound, FileNotFound, IdempotencyConflict
from chat_bridge.model import NewMessage
from chat_bridge.ports import AgentChange
from tests.builders import ADA, ADAS_CHAT, GRACE, GRACES_CHAT, House

HELLO = NewMessage(ADAS_CHAT, "Hello", client_msg_id="m-1")


def test_a_retry_gets_the_first_answer(house: House) -> None:
    first = house.post(HELLO)
    house.clock.pass_seconds(5)
    again = house.post(HELLO)
    assert again.repeated
    assert (again.message.id, again.message.timestamp) == (
        first.message.id,
        first.message.timestamp,
    )
    assert (again.message.uid, again.message.is_new_user) == (first.message.uid, True)
    assert house.kinds() == ["message.created"]


def test_another_clock_of_the_client_is_still_a_retry(house: House) -> None:
    first = house.post(replace(HELLO, client_timestamp="2026-11-21T12:00:00Z"))
    again = house.post(replace(HELLO, client_timestamp="2026-11-21T12:00:07Z"))
    assert again.message.id == first.message.id


@pytest.mark.parametrize("other", [{"text": "Hallo"}, {"agent": "sheets"}])
def test_the_same_key_with_another_body_is_a_conflict(house: House, other: dict[str, str]) -> None:
    house.post(HELLO)
    with pytest.raises(IdempotencyConflict):
        house.post(replace(HELLO, **other))
    assert house.kinds() == ["message.created"]


def test_a_key_counts_within_its_session_only(house: House) -> None:
    first = house.post(HELLO)
    other = house.post(replace(HELLO, session_id=GRACES_CHAT), GRACE)
    assert other.message.id != first.message.id


def test_without_a_key_the_same_text_is_two_messages(house: House) -> None:
    assert house.say("Hello").message.id != house.say("Hello").message.id


def stamps(house: House, count: int = 4) -> list[str]:
    return [house.say(f"message {number}").message.timestamp for number in range(count)]


def test_stamps_increase_while_the_clock_stands_still(house: House) -> None:
    found = stamps(house)
    assert found[0] == "2026-11-21T12:00:00.000Z"
    assert found == sorted(set(found))


def test_stamps_increase_when_the_clock_jumps_back(house: House) -> None:
    before = stamps(house)
    house.clock.set_wall_back(3_600)
    after = stamps(house)
    assert [*before, *after] == sorted({*before, *after})


def test_replies_share_the_order_of_messages(house: House) -> None:
    key = house.key()
    found = []
    for number in range(3):
        found += [house.say(f"{number}?").message.timestamp, house.reply(key, "!").timestamp]
    assert found == sorted(set(found))


def test_the_visitors_clock_orders_nothing(house: House) -> None:
    house.post(replace(HELLO, client_timestamp="2099-01-01T00:00:00Z"))
    later = house.post(NewMessage(ADAS_CHAT, "Second", client_timestamp="garbage"))
    assert later.message.timestamp == "2026-11-21T12:00:00.001Z"


def test_a_missing_attachment_refuses_the_message(house: House) -> None:
    house.say("First")
    with pytest.raises(FileNotFound) as caught:
        house.post(NewMessage(ADAS_CHAT, "See the file", attachments=("list.csv",)))
    assert caught.value.details == {"name": "list.csv"}
    house.upload("list.csv", b"a\n1\n")
    with pytest.raises(FileNotFound):
        house.post(NewMessage(GRACES_CHAT, "Hers?", attachments=("list.csv",)), GRACE)
    assert not house.sessions.exists(GRACES_CHAT)
    accepted = house.post(NewMessage(ADAS_CHAT, "Now", attachments=("list.csv",)))
    assert accepted.message.attachments == ("list.csv",)


class TestACommand:
    def test_becomes_a_job_and_is_nobody_elses(self, house: House) -> None:
        accepted = house.say("/search city=Berlin")
        assert accepted.message.job_id
        job = house.jobs.find(accepted.message.job_id)
        assert (job.command, job.status) == ("/search city=Berlin", "pending")
        assert job.message_id == accepted.message.id
        assert house.kinds() == ["message.created", "job.created"]
        assert house.poll(house.key()).deliveries == []

    def test_is_anything_said_to_the_built_in_agent(self, house: House) -> None:
        accepted = house.post(NewMessage(ADAS_CHAT, "how many rows?", agent="sheets"))
        assert accepted.message.job_id

    def test_works_on_the_last_attachment_named(self, house: House) -> None:
        house.say("First")
        for name in ("a.csv", "b.csv"):
            house.upload(name, b"a\n1\n")
        command = NewMessage(ADAS_CHAT, "/info", attachments=("a.csv", "b.csv"))
        job_id = house.post(command).message.job_id
        assert job_id
        assert house.jobs.find(job_id).file == "b.csv"

    def test_is_not_queued_twice_by_a_retry(self, house: House) -> None:
        command = NewMessage(ADAS_CHAT, "/info", client_msg_id="m-7")
        first, again = house.post(command), house.post(command)
        assert first.message.job_id == again.message.job_id
        assert len(house.jobs.of_session(ADAS_CHAT)) == 1


class TestTheAgent:
    def test_is_the_default_one_for_old_clients(self, house: House) -> None:
        assert house.say("Hello").message.agent_id is None

    def test_stays_with_the_session(self, house: House) -> None:
        house.add_agent("billing")
        chosen = house.agents.resolve("billing").id
        house.post(NewMessage(ADAS_CHAT, "Hello", agent="billing"))
        assert house.say("Again").message.agent_id == chosen

    def test_may_be_given_by_id(self, house: House) -> None:
        house.add_agent("billing")
        chosen = house.agents.resolve("billing").id
        assert house.post(NewMessage(ADAS_CHAT, "Hi", agent=str(chosen))).message.agent_id == chosen

    def test_that_there_is_none_of_here_costs_an_old_client_no_message(self, house: House) -> None:
        accepted = house.post(NewMessage(ADAS_CHAT, "Switched to agent: athena", agent="athena"))
        assert (accepted.message.agent_id, accepted.agent) == (None, "default")
        house.add_agent("billing")
        house.post(NewMessage(ADAS_CHAT, "Hello", agent="billing"))
        assert house.post(NewMessage(ADAS_CHAT, "Hello", agent="athena")).agent == "billing"

    def test_that_is_hidden_from_the_visitor_gets_nothing(self, house: House) -> None:
        house.add_agent("billing")
        hidden = house.agents.resolve("billing")
        house.agents.change(hidden.id, AgentChange("B", "", "active", (), ("admin",)))
        with pytest.raises(AgentNotFound):
            house.post(NewMessage(ADAS_CHAT, "Hello", agent="billing"))
        assert not house.sessions.exists(ADAS_CHAT)


def test_a_text_is_kept_as_it_is(house: House) -> None:
    text = '<b>Ada & "Grace"</b> \'; DROP TABLE users; -- \u202e \U0001f600 e\u0301'
    stored = house.store.messages.find(house.say(text).message.id)
    assert stored
    assert stored.text == text


def test_the_first_message_names_the_conversation(house: House) -> None:
    house.say("x" * 100)
    house.say("later")
    assert house.sessions.find(ADAS_CHAT).title == "x" * 60


def test_only_the_first_message_is_of_a_new_user(house: House) -> None:
    assert [house.say("a", who=ADA).message.is_new_user for _ in range(3)] == [True, False, False]
