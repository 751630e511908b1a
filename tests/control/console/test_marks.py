"""What is new to an operator is marked in their inbox until they look."""

from collections.abc import Callable

from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import Clerk, words

TALK = f"/admin/inbox/{ADAS_CHAT}"
NEW = "new to you"


def test_a_mark_goes_for_whoever_looks(
    ana: Clerk, hire: Callable[..., Clerk], house: House
) -> None:
    house.say("Hello?")
    house.say("Anyone there?")
    vera = hire("vera", "viewer")
    for one in (ana, vera):
        assert f"2 {NEW}" in words(one.opens("/admin/inbox"))
    assert NEW not in words(ana.opens(TALK))
    assert NEW not in words(ana.opens("/admin/inbox"))
    assert f"2 {NEW}" in words(vera.opens("/admin/inbox"))
    house.say("It is urgent")
    assert f"1 {NEW}" in words(ana.opens("/admin/inbox"))


def test_a_deleted_conversation_takes_its_marks_along(ana: Clerk, house: House) -> None:
    house.say("Hello?")
    ana.opens(TALK)
    house.sessions.erase(house.sessions.find(ADAS_CHAT))
    house.say("Hello again")
    assert f"1 {NEW}" in words(ana.opens("/admin/inbox"))
