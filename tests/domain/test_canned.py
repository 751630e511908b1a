from typing import Any

import pytest

from chat_bridge.domain.canned import MOST, fingerprint
from chat_bridge.errors import CannedReplyExists, CannedReplyNotFound, InvalidField, StaleEdit
from chat_bridge.model import CannedReply
from chat_bridge.ports import CannedFilter
from tests.builders import House

ACTOR = "user:ana"


def add(house: House, shortcut: str = "hours", body: str = "We open at nine.") -> CannedReply:
    return house.office.canned.add(shortcut, body, ACTOR, by="ana")


def shortcuts(house: House, **wanted: Any) -> list[str]:
    found = house.office.canned.page(CannedFilter(**wanted))
    return [reply.shortcut for reply in found]


def acts(house: House) -> list[tuple[str, str | None, str | None]]:
    entries = [e for e in house.audit.entries() if e.action.startswith("canned")]
    return [(e.action.removeprefix("canned reply "), e.before, e.after) for e in entries]


def test_replies_are_kept_by_shortcut_and_found_by_words(house: House) -> None:
    for name, body in (("refund", "You get it back."), ("hours", "We open at nine.")):
        add(house, name, body)
    assert shortcuts(house) == ["hours", "refund"]
    assert shortcuts(house, words="%back%") == ["refund"]
    assert shortcuts(house, limit=1) == ["hours"]
    assert shortcuts(house, after="hours") == ["refund"]


def test_each_change_is_written_down_with_before_and_after(house: House) -> None:
    reply = add(house)
    canned = house.office.canned
    canned.change(reply.id, "We open at ten.", ACTOR, by="ana", seen=fingerprint(reply))
    for removed in (True, True, False):
        canned.lay_aside(reply.id, ACTOR, by="ana", removed=removed)
    assert acts(house) == [
        ("add", None, "We open at nine."), ("change", "We open at nine.", "We open at ten."),
        ("remove", "offered", "removed"), ("restore", "removed", "offered"),
    ]  # fmt: skip


def test_a_removed_one_is_offered_to_nobody_and_comes_back(house: House) -> None:
    reply = add(house)
    house.office.canned.lay_aside(reply.id, ACTOR, by="ana")
    assert (shortcuts(house), shortcuts(house, removed=True)) == ([], ["hours"])
    with pytest.raises(CannedReplyExists):
        add(house)
    house.office.canned.lay_aside(reply.id, ACTOR, by="ana", removed=False)
    assert shortcuts(house) == ["hours"]


def test_what_somebody_else_saved_is_not_overwritten(house: House) -> None:
    reply = add(house)
    canned = house.office.canned
    canned.change(reply.id, "We open at ten.", ACTOR, by="ben", seen=fingerprint(reply))
    with pytest.raises(StaleEdit):
        canned.change(reply.id, "We open at eight.", ACTOR, by="ana", seen=fingerprint(reply))
    assert canned.find(reply.id).body == "We open at ten."


@pytest.mark.parametrize(
    ("shortcut", "body"),
    [("", "x"), ("Hours", "x"), ("-x", "x"), ("a b", "x"), ("x" * 41, "x"), ("hours", " "),
     ("hours", "x" * 4_001)],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(house: House, shortcut: str, body: str) -> None:
    with pytest.raises(InvalidField):
        add(house, shortcut, body)
    assert shortcuts(house) == []


def test_there_is_an_end_to_how_many(house: House) -> None:
    for number in range(MOST):
        add(house, f"reply-{number}")
    with pytest.raises(InvalidField, match="100 replies already"):
        add(house)
    with pytest.raises(CannedReplyNotFound):
        house.office.canned.find(MOST + 1)
