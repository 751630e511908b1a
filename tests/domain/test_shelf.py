"""A visitor's own list: names, what stays on top, and what was said where."""

from pathlib import Path

import pytest

from chat_bridge.domain.shelf import Shelf
from chat_bridge.errors import InvalidField
from tests.builders import ADA, ADAS_CHAT, GRACE, GRACES_CHAT, House, new_house


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path)


@pytest.fixture
def shelf(house: House) -> Shelf:
    return Shelf(house.store, house.clock, house.sessions)


def test_a_name_stays_whatever_is_written(house: House, shelf: Shelf) -> None:
    house.say("hello")
    shelf.rename(house.sessions.find(ADAS_CHAT), "  Q3 \n customers\x00 ")
    house.say("and again")
    assert house.sessions.find(ADAS_CHAT).title == "Q3 customers"
    assert "session.updated" in house.kinds()


@pytest.mark.parametrize("title", ["", "   ", "\x00", "x" * 121])
def test_a_name_has_letters_and_an_end(house: House, shelf: Shelf, title: str) -> None:
    house.say("hello")
    with pytest.raises(InvalidField):
        shelf.rename(house.sessions.find(ADAS_CHAT), title)
    assert house.sessions.find(ADAS_CHAT).title == "hello"


def test_what_is_pinned_is_told_until_it_is_not(house: House, shelf: Shelf) -> None:
    house.say("hello")
    chat = house.sessions.find(ADAS_CHAT)
    for _ in range(2):
        shelf.pin(chat, True)
        assert house.sessions.pinned([chat]) == {ADAS_CHAT}
    shelf.pin(chat, False)
    assert house.sessions.pinned([chat]) == frozenset()
    shelf.pin(chat, True)
    house.sessions.erase(chat)
    assert house.store.sessions.pinned([ADAS_CHAT]) == []


def test_words_are_found_on_both_sides_and_in_titles(house: House, shelf: Shelf) -> None:
    key = house.key()
    house.say("where are my 50% apples_?")
    house.reply(key, "In the " + "long " * 40 + "cellar, beside the PEARS " + "and more " * 40)
    for words, seen in (("APPLES_", "50% apples_?"), ("pears", "cellar, beside the PEARS")):
        (place,) = shelf.search(ADA, words, 20)
        assert place.session.session_id == ADAS_CHAT
        assert seen in place.excerpt
        assert len(place.excerpt) < 200
    for words in ("plums", "%%", "__", "a"):
        assert shelf.search(ADA, words, 20) == []


def test_nobody_finds_what_others_said(house: House, shelf: Shelf) -> None:
    house.say("my secret plan", GRACES_CHAT, GRACE)
    assert shelf.search(ADA, "secret", 20) == []
    assert len(shelf.search(GRACE, "secret", 20)) == 1
