from collections.abc import Callable

import pytest

from chat_bridge.errors import DatabaseBusy
from chat_bridge.model import Person
from chat_bridge.ports import WaitingFilter
from tests.builders import ADAS_CHAT, House


def unread(house: House, person: Person) -> list[int]:
    found = house.office.desk.waiting(WaitingFilter(claimed=True, reader=person.id))
    return [one.unread for one in found]


def test_what_was_written_since_one_looked_is_counted_for_each(
    house: House, ana: Person, person: Callable[[str], Person]
) -> None:
    ben = person("ben")
    house.say("Hello?")
    assert unread(house, ana) == [1]
    house.office.looks.at(ADAS_CHAT, ana)
    assert (unread(house, ana), unread(house, ben)) == ([0], [1])
    house.say("Anyone there?")
    assert (unread(house, ana), unread(house, ben)) == ([1], [2])
    house.office.looks.at(ADAS_CHAT, ana)
    assert unread(house, ana) == [0]


def test_what_was_answered_before_one_first_looks_is_old(house: House, ana: Person) -> None:
    house.say("Hello?")
    house.office.desk.reply(ADAS_CHAT, ana, "Good morning.", seen=0, resolve=True)
    house.say("And order 12?")
    assert unread(house, ana) == [1]


def test_notes_of_others_are_news_and_ones_own_are_not(
    house: House, ana: Person, person: Callable[[str], Person]
) -> None:
    house.say("Hello?")
    house.office.looks.at(ADAS_CHAT, ana)
    house.office.desk.note(ADAS_CHAT, ana, "I look after it")
    assert unread(house, ana) == [0]
    house.office.desk.note(ADAS_CHAT, person("ben"), "So do I")
    assert unread(house, ana) == [1]


def test_ones_own_list_has_the_marks_too(house: House, ana: Person) -> None:
    desk = house.office.desk
    house.say("Hello?")
    desk.claim(ADAS_CHAT, ana)
    assert [one.unread for one in desk.mine(ana)] == [1]
    house.office.looks.at(ADAS_CHAT, ana)
    assert [one.unread for one in desk.mine(ana)] == [0]
    house.say("Anyone there?")
    assert [one.unread for one in desk.mine(ana)] == [1]


def test_a_mark_that_cannot_be_kept_keeps_nobody_from_reading(
    house: House, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.say("Hello?")

    def refuse() -> None:
        raise DatabaseBusy

    monkeypatch.setattr(house.store.database, "write", refuse)
    house.office.looks.at(ADAS_CHAT, ana)
    assert unread(house, ana) == [1]
