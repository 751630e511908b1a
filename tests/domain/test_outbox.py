"""Replies: once per key, for every session there ever was, and they acknowledge."""

import pytest

from chat_bridge.errors import FileNotFound, IdempotencyConflict, InvalidSession
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, texts


def test_a_retry_stores_one_reply(house: House) -> None:
    house.say("Hello")
    key = house.key()
    first = house.reply(key, "Hi", idempotency_key="r-1")
    again = house.reply(key, "Hi", idempotency_key="r-1")
    assert (again.id, again.timestamp) == (first.id, first.timestamp)
    assert house.kinds().count("response.created") == 1


def test_the_same_key_with_another_body_is_a_conflict(house: House) -> None:
    house.say("Hello")
    key = house.key()
    house.reply(key, "Hi", idempotency_key="r-1")
    for more in ({"kind": "tool"}, {"message_id": 1}, {"metadata": {"mood": "good"}}):
        with pytest.raises(IdempotencyConflict):
            house.reply(key, "Hi", idempotency_key="r-1", **more)


def test_an_agents_words_are_never_a_command(house: House) -> None:
    house.say("Hello")
    house.upload("list.csv", b"name\nAda\n")
    before = house.kinds().count("job.created")
    house.reply(house.key(), "/extract columns=name")
    assert house.kinds().count("job.created") == before
    assert house.jobs.claim("worker").kind == "profile"
    assert house.jobs.claim("worker") is None


def test_a_retry_does_not_acknowledge_what_came_since(house: House) -> None:
    """The first answer was lost, a new turn was fetched meanwhile: it is still to be answered."""
    key = house.key()
    house.say("One")
    house.poll(key)
    house.reply(key, "About one", idempotency_key="r-1")
    second = house.say("Two").message.id
    house.poll(key)
    house.reply(key, "About one", idempotency_key="r-1")
    assert house.state(second) == "leased"


def test_a_reply_acknowledges_the_message_it_names(house: House) -> None:
    key = house.key()
    first, second = house.say("One").message.id, house.say("Two").message.id
    house.poll(key)
    house.reply(key, "About one", message_id=first)
    assert (house.state(first), house.state(second)) == ("done", "leased")
    assert "message.acked" in house.kinds()


def test_a_reply_without_a_number_acknowledges_the_keys_whole_turn(house: House) -> None:
    key = house.key()
    mine = [house.say(text).message.id for text in ("One", "Two")]
    other = house.say("Other", GRACES_CHAT, GRACE).message.id
    house.poll(key)
    house.reply(key, "About both")
    assert [house.state(number) for number in mine] == ["done", "done"]
    assert house.state(other) == "leased"


def test_a_reply_of_somebody_else_acknowledges_nothing_of_the_holder(house: House) -> None:
    message = house.say("One").message.id
    house.poll(house.key("Charles"))
    house.reply(house.key("Edsger"), "Me too")
    assert house.state(message) == "leased"


def test_a_reply_to_another_sessions_message_acknowledges_nothing(house: House) -> None:
    house.say("Mine")
    hers = house.say("Hers", GRACES_CHAT, GRACE).message.id
    key = house.key()
    house.poll(key)
    house.reply(key, "Wrong number", message_id=hers)
    assert house.state(hers) == "leased"


@pytest.mark.parametrize("message_id", [999_999, "abc", "²", "9" * 40])
def test_an_unknown_message_is_kept_as_given(house: House, message_id: int | str) -> None:
    house.say("Hello")
    house.reply(house.key(), "Hi", message_id=message_id)
    (read,) = house.store.responses.page(ADAS_CHAT, None, 10)
    assert read.message_id == message_id


def test_a_reply_before_the_lease_takes_the_message_from_the_inbox(house: House) -> None:
    message = house.say("One").message.id
    key = house.key()
    house.reply(key, "Quick", message_id=message)
    assert texts(house.poll(key)) == []


def test_an_unknown_session_is_refused(house: House) -> None:
    with pytest.raises(InvalidSession):
        house.reply(house.key(), "Hi", "session_nobody")


def test_an_attachment_has_to_exist(house: House) -> None:
    house.say("Hello")
    with pytest.raises(FileNotFound):
        house.reply(house.key(), "See", attachments=("list.csv",))
    assert house.kinds() == ["message.created"]


def test_a_long_reply_is_kept_whole(house: House) -> None:
    house.say("Hello")
    text = "long \U0001f600 " * 30_000
    assert house.reply(house.key(), text).text == text
    assert house.store.responses.page(ADAS_CHAT, None, 1)[0].text == text
