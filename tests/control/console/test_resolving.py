"""Resolving a conversation, and taking that back, without a script."""

import base64
import json
from collections.abc import Callable

import pytest

from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House
from tests.control.console.clerk import Clerk, actions, form_of, words

TALK = f"/admin/inbox/{ADAS_CHAT}"
REOPEN = f"{TALK}/reopen"


@pytest.mark.parametrize("act", ["resolve", "say"])
def test_undo_is_offered_once_where_one_comes_to(ana: Clerk, house: House, act: str) -> None:
    house.say("Where is my order?")
    more = {"text": "On its way.", "mode": "reply", "then": "resolve"} if act == "say" else {}
    sent = ana.does(TALK, f"{TALK}/{act}", **more)
    told = ana.opens(sent.location)
    assert "esolved. Undo" in words(told).replace("  ", " ")
    assert "Undo" not in words(ana.opens(sent.location))
    undone = ana.sends(REOPEN, form_of(told.text, REOPEN))
    assert undone.location == f"{TALK}?tab=mine"
    assert "It is open again, and yours." in ana.opens(undone.location).text
    assert house.office.desk.resolved(ADAS_CHAT) is None


def test_a_resolved_conversation_says_so_and_can_be_reopened(ana: Clerk, house: House) -> None:
    house.say("Where is my order?")
    ana.does(TALK, f"{TALK}/resolve")
    ana.opens("/admin/inbox")
    shown = ana.opens(TALK)
    assert "resolved by ana" in words(shown)
    form = ana.form(TALK, REOPEN)
    for _ in range(2):
        assert ana.sends(REOPEN, form).location == f"{TALK}?tab=mine"
    assert actions(house).count("conversation.reopen") == 1
    assert "resolved by ana" not in words(ana.opens(TALK))


def test_undo_comes_too_late_where_the_visitor_wrote(ana: Clerk, house: House) -> None:
    house.say("Where is my order?")
    told = ana.opens(ana.does(TALK, f"{TALK}/resolve").location)
    house.say("It did not come")
    late = ana.sends(REOPEN, form_of(told.text, REOPEN))
    assert late.status_code == 409
    assert "is open already" in late.text


@pytest.mark.parametrize("act", ["resolve", "snooze", "say"])
def test_the_next_is_of_the_list_one_works_through(ana: Clerk, house: House, act: str) -> None:
    house.say("Where is my lamp?")
    house.say("Hello?", "session_other", GRACE)
    house.say("Do you have a lamp?", GRACES_CHAT, GRACE)
    more = {"text": "Yes.", "mode": "reply", "then": "resolve"} if act == "say" else {"hours": "1"}
    sent = ana.does(f"{TALK}?tab=all&q=lamp", f"{TALK}/{act}?q=lamp", **more)
    assert sent.location == f"/admin/inbox/{GRACES_CHAT}?q=lamp"
    page = f"/admin/inbox/{GRACES_CHAT}"
    last = ana.does(f"{page}?q=lamp", f"{page}/resolve?q=lamp")
    assert last.location == "/admin/inbox?q=lamp"


def test_a_viewer_reads_only(ana: Clerk, hire: Callable[..., Clerk], house: House) -> None:
    house.say("Where is my order?")
    ana.does(TALK, f"{TALK}/resolve")
    vera = hire("vera", "viewer")
    assert "Reopen" not in words(vera.opens(TALK))
    assert vera.sends(REOPEN, ana.form(TALK, REOPEN)).status_code == 403


@pytest.mark.parametrize("undo", ["https://elsewhere.example/", "//elsewhere.example", "/logout"])
def test_a_cookie_cannot_send_the_form_elsewhere(ana: Clerk, undo: str) -> None:
    cookie = base64.urlsafe_b64encode(json.dumps(["Resolved.", "good", undo]).encode()).decode()
    ana.browser.set_cookie("cb_done", cookie, path="/admin")
    shown = ana.opens("/admin/inbox")
    assert "Resolved." in shown.text
    assert ">Undo<" not in shown.text
