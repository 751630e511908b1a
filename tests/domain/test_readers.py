"""What listening visitors have been told and that they are there, written down together."""

import pytest

from chat_bridge.domain.readers import Readers
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, new_live

TIMEOUT = 86_400


@pytest.fixture
def readers(house: House) -> Readers:
    return Readers(house.store, house.clock, house.sessions, new_live(house.store))


def states(house: House) -> dict[str, str]:
    found = house.store.database.connection.execute(
        "SELECT response, status FROM web_chat_responses"
    )
    return {row["response"]: row["status"] for row in found}


def commits(house: House) -> int:
    return house.store.database.connection.total_changes


def test_an_answer_that_was_fetched_is_delivered(house: House, readers: Readers) -> None:
    house.say("Good morning")
    key = house.key()
    first, _, third = (house.reply(key, text) for text in ("One", "Two", "Three"))
    readers.fetched([first.id])
    readers.fetched([third.id, first.id])
    assert set(states(house).values()) == {"pending"}
    readers.note()
    assert states(house) == {"One": "delivered", "Two": "pending", "Three": "delivered"}


def test_what_is_known_is_not_written_again(house: House, readers: Readers) -> None:
    house.say("Good morning")
    answer = house.reply(house.key(), "One")
    readers.fetched([answer.id])
    readers.here(ADAS_CHAT)
    readers.note()
    before = commits(house)
    readers.note()
    readers.fetched([answer.id])
    readers.here(ADAS_CHAT)
    readers.note()
    assert commits(house) == before


def test_a_listener_keeps_the_session_from_expiring(house: House, readers: Readers) -> None:
    house.say("Good morning")
    house.say("Good evening", GRACES_CHAT, GRACE)
    for _ in range(3):
        house.clock.pass_seconds(TIMEOUT / 2)
        readers.here(ADAS_CHAT)
        readers.here("session_of_nobody")
        readers.note()
    assert house.sessions.retire(TIMEOUT) == 1
    assert house.sessions.find(ADAS_CHAT).status == "active"
    assert house.sessions.find(GRACES_CHAT).status == "expired"


def test_a_database_that_was_busy_is_told_later(
    house: House, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.say("Good morning")
    readers.fetched([house.reply(house.key(), "One").id])
    with monkeypatch.context() as broken:
        broken.setattr(type(house.store), "write", lambda store: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            readers.note()
    readers.note()
    assert states(house) == {"One": "delivered"}
