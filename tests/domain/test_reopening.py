from collections.abc import Callable

import pytest

from chat_bridge.errors import NotResolved, SessionNotFound
from chat_bridge.model import Person
from chat_bridge.ports import WaitingFilter
from tests.builders import ADAS_CHAT, House, texts


def resolved(house: House, ana: Person) -> None:
    house.say("Where is my order?")
    house.say("Hello?")
    house.office.desk.resolve(ADAS_CHAT, ana)


def test_what_was_resolved_waits_again_for_whoever_reopens_it(house: House, ana: Person) -> None:
    desk = house.office.desk
    resolved(house, ana)
    found = desk.resolved(ADAS_CHAT)
    assert found is not None
    assert found.username == "ana"
    desk.reopen(ADAS_CHAT, ana)
    assert desk.resolved(ADAS_CHAT) is None
    (row,) = desk.mine(ana)
    assert row.open_count == 2
    assert texts(house.poll(house.key())) == []
    desk.hand_back(ADAS_CHAT, ana)
    deliveries = house.poll(house.key()).deliveries
    assert [(one.message.text, one.attempt) for one in deliveries][:1] == [
        ("Where is my order?", 1)
    ]


def test_an_answer_that_was_given_stays_said(house: House, ana: Person) -> None:
    desk = house.office.desk
    house.say("Where is my order?")
    desk.reply(ADAS_CHAT, ana, "On its way.", seen=0, resolve=True)
    desk.reopen(ADAS_CHAT, ana)
    assert [one.text for one in house.store.responses.page(ADAS_CHAT, None, 9)] == ["On its way."]
    (row,) = desk.mine(ana)
    assert (row.open_count, row.since) == (0, None)


def test_what_an_agent_held_is_reopened_too(house: House, ana: Person) -> None:
    key = house.key()
    house.say("Where is my order?")
    house.poll(key)
    house.office.desk.resolve(ADAS_CHAT, ana)
    house.office.desk.reopen(ADAS_CHAT, ana)
    house.office.desk.hand_back(ADAS_CHAT, ana)
    (again,) = house.poll(key).deliveries
    assert (again.message.text, again.attempt) == ("Where is my order?", 1)


@pytest.mark.parametrize("since", ["wrote", "took", "reopened"])
def test_only_what_nobody_touched_since(
    house: House, ana: Person, person: Callable[[str], Person], since: str
) -> None:
    desk, ben = house.office.desk, person("ben")
    resolved(house, ana)
    if since == "wrote":
        house.say("It did not come")
    elif since == "took":
        desk.claim(ADAS_CHAT, ben)
    else:
        desk.reopen(ADAS_CHAT, ben)
    assert desk.resolved(ADAS_CHAT) is None
    before = desk.waiting(WaitingFilter(claimed=True))
    with pytest.raises(NotResolved):
        desk.reopen(ADAS_CHAT, ana)
    assert desk.waiting(WaitingFilter(claimed=True)) == before


def test_a_conversation_that_is_not_there(house: House, ana: Person) -> None:
    with pytest.raises(SessionNotFound):
        house.office.desk.reopen("session_nobody", ana)


def test_it_is_told_and_written_down(house: House, ana: Person) -> None:
    resolved(house, ana)
    house.office.desk.reopen(ADAS_CHAT, ana)
    kinds = house.kinds()
    assert kinds[kinds.index("desk.reopened") :].count("message.released") == 2
    acts = {entry.action: (entry.before, entry.after) for entry in house.audit.entries()}
    assert acts["conversation.reopen"] == ("resolved", "2 waiting")
