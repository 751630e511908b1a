from collections.abc import Callable

import pytest

from chat_bridge.errors import ConversationTaken, NobodyWaits, SessionNotFound
from chat_bridge.model import Person
from chat_bridge.ports import WaitingFilter
from tests.builders import ADAS_CHAT, House, texts

HOUR = 3_600


def lists(house: House) -> tuple[int, int, int]:
    """Waiting, unassigned and put off, as the lists and the counts both say."""
    desk = house.office.desk
    rows = [
        len(desk.waiting(WaitingFilter(claimed=True))),
        len(desk.waiting(WaitingFilter())),
        len(desk.waiting(WaitingFilter(claimed=True, snoozed=True))),
    ]
    count = desk.count()
    assert rows == [count.sessions, count.unassigned, count.snoozed]
    return count.sessions, count.unassigned, count.snoozed


def test_what_is_put_off_is_in_nobodys_list_until_its_time(house: House, ana: Person) -> None:
    house.say("No hurry")
    house.office.desk.snooze(ADAS_CHAT, ana, HOUR)
    assert lists(house) == (0, 0, 1)
    assert house.office.desk.holder(ADAS_CHAT) is None
    assert texts(house.poll(house.key())) == []
    house.clock.pass_seconds(HOUR + 1)
    assert lists(house) == (1, 1, 0)
    assert texts(house.poll(house.key())) == ["No hurry"]


def test_a_visitor_who_writes_again_ends_it(house: House, ana: Person) -> None:
    house.say("No hurry")
    house.office.desk.snooze(ADAS_CHAT, ana, HOUR)
    house.say("It is urgent after all")
    assert lists(house) == (1, 1, 0)
    assert house.office.desk.snoozed(ADAS_CHAT) is None


def test_it_is_taken_back(house: House, ana: Person) -> None:
    house.say("No hurry")
    house.office.desk.snooze(ADAS_CHAT, ana, HOUR)
    house.office.desk.wake(ADAS_CHAT, ana)
    house.office.desk.wake(ADAS_CHAT, ana)
    assert lists(house) == (1, 1, 0)
    (delivery,) = house.poll(house.key()).deliveries
    assert (delivery.message.text, delivery.attempt) == ("No hurry", 1)


@pytest.mark.parametrize("act", ["claim", "reply"])
def test_whoever_takes_it_ends_it(house: House, ana: Person, act: str) -> None:
    house.say("No hurry")
    house.office.desk.snooze(ADAS_CHAT, ana, HOUR)
    if act == "claim":
        house.office.desk.claim(ADAS_CHAT, ana)
        assert lists(house) == (1, 0, 0)
    else:
        house.office.desk.reply(ADAS_CHAT, ana, "Done.", seen=0)
        assert lists(house) == (0, 0, 0)


def test_it_is_told_to_operators_and_written_down(house: House, ana: Person) -> None:
    house.say("No hurry")
    desk = house.office.desk
    desk.snooze(ADAS_CHAT, ana, HOUR)
    found = desk.snoozed(ADAS_CHAT)
    assert found is not None
    assert found.username == "ana"
    desk.wake(ADAS_CHAT, ana)
    told = [kind for kind in house.kinds() if kind in ("desk.snoozed", "desk.woken")]
    assert told == ["desk.snoozed", "desk.woken"]
    acts = {entry.action: (entry.before, entry.after) for entry in house.audit.entries()}
    assert acts["conversation.snooze"] == ("1 waiting", f"until {found.wakes_at}")
    assert acts["conversation.wake"] == (f"until {found.wakes_at}", "waiting")


def test_only_what_waits_and_nobody_else_holds(
    house: House, ana: Person, person: Callable[[str], Person]
) -> None:
    house.say("Hello")
    house.office.desk.claim(ADAS_CHAT, ana)
    with pytest.raises(ConversationTaken):
        house.office.desk.snooze(ADAS_CHAT, person("ben"), HOUR)
    house.office.desk.resolve(ADAS_CHAT, ana)
    with pytest.raises(NobodyWaits):
        house.office.desk.snooze(ADAS_CHAT, ana, HOUR)
    with pytest.raises(SessionNotFound):
        house.office.desk.snooze("session_nobody", ana, HOUR)
