import pytest

from chat_bridge.domain.tags import MOST
from chat_bridge.errors import InvalidField, SessionNotFound
from chat_bridge.model import Person
from chat_bridge.ports import WaitingFilter
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House


def rows(house: House, tag: str | None) -> list[tuple[str, tuple[str, ...]]]:
    found = house.office.desk.waiting(WaitingFilter(claimed=True, tag=tag))
    return [(one.session_id, one.tags) for one in found]


def test_conversations_are_found_by_their_tags(house: House, ana: Person) -> None:
    tags = house.office.tags
    house.say("Where is my order?")
    house.say("Hello?", GRACES_CHAT, GRACE)
    tags.add(ADAS_CHAT, ana, "refund")
    tags.add(ADAS_CHAT, ana, "carrier")
    tags.add(GRACES_CHAT, ana, "refund")
    assert rows(house, "carrier") == [(ADAS_CHAT, ("carrier", "refund"))]
    assert [name for name, _ in rows(house, "refund")] == [ADAS_CHAT, GRACES_CHAT]
    assert rows(house, "lamps") == []
    assert tags.in_use() == ["carrier", "refund"]
    house.office.desk.claim(GRACES_CHAT, ana)
    assert [one.tags for one in house.office.desk.mine(ana)] == [("refund",)]


def test_one_name_is_one_tag_however_it_is_written(house: House, ana: Person) -> None:
    house.say("Hello")
    for written in ("Waiting  for Carrier", " waiting for carrier ", "WAITING FOR CARRIER"):
        assert house.office.tags.add(ADAS_CHAT, ana, written) == "waiting for carrier"
    assert house.office.tags.of(ADAS_CHAT) == ["waiting for carrier"]


@pytest.mark.parametrize("wrong", ["", "  ", "x" * 31, "a,b", "<b>", "a\u202eb", "-"])
def test_what_is_no_tag(house: House, ana: Person, wrong: str) -> None:
    house.say("Hello")
    with pytest.raises(InvalidField, match="1 to 30"):
        house.office.tags.add(ADAS_CHAT, ana, wrong)


def test_not_more_than_fit_a_row_and_only_what_exists(house: House, ana: Person) -> None:
    house.say("Hello")
    for number in range(MOST):
        house.office.tags.add(ADAS_CHAT, ana, f"tag {number}")
    with pytest.raises(InvalidField, match="already"):
        house.office.tags.add(ADAS_CHAT, ana, "one more")
    with pytest.raises(SessionNotFound):
        house.office.tags.add("session_nobody", ana, "refund")
    with pytest.raises(SessionNotFound):
        house.office.tags.remove("session_nobody", ana, "refund")


def test_each_change_is_told_and_written_down_once(house: House, ana: Person) -> None:
    tags = house.office.tags
    house.say("Hello")
    for _ in range(2):
        tags.add(ADAS_CHAT, ana, "refund")
    tags.add(ADAS_CHAT, ana, "carrier")
    for _ in range(2):
        tags.remove(ADAS_CHAT, ana, "refund")
    told = [(e.before, e.after) for e in house.audit.entries() if e.action == "conversation.tag"]
    assert told == [("", "refund"), ("refund", "carrier, refund"), ("carrier, refund", "carrier")]
    assert house.kinds().count("desk.tagged") == 3
