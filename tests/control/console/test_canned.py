"""Canned replies and conversations put off, as a browser without JavaScript uses them."""

from collections.abc import Callable

import pytest

from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import Clerk, actions, words

HOME, NEW = "/admin/canned-replies", "/admin/canned-replies/new"
TALK = f"/admin/inbox/{ADAS_CHAT}"
HOSTILE = "<script>alert(1)</script>"
Hire = Callable[..., Clerk]


@pytest.fixture
def hours(ana: Clerk) -> str:
    """The address of a reply."""
    ana.does(NEW, HOME, shortcut="/hours", body="We open at nine.")
    return f"{HOME}/1"


def test_who_may_see_and_change_them(hire: Hire, ana: Clerk, hours: str) -> None:
    vera = hire("vera", "viewer")
    form = ana.form(NEW, HOME)
    assert vera.opens(HOME).status_code == vera.sends(HOME, form).status_code == 403
    assert "We open at nine." in ana.opens(HOME).text
    assert ana.opens(f"{HOME}/99").status_code == 404
    assert ana.opens(f"{HOME}/{1 << 70}").status_code == 404


def test_a_form_sent_twice_makes_one(ana: Clerk, house: House) -> None:
    form = ana.form(NEW, HOME)
    for _ in range(2):
        sent = ana.sends(HOME, form, shortcut="hours", body=HOSTILE)
        assert (sent.status_code, sent.location) == (303, HOME)
    assert actions(house) == ["canned reply add"]
    assert HOSTILE not in ana.opens(HOME).text


@pytest.mark.parametrize(
    ("shortcut", "body", "status", "said"),
    [("hours", "x", 409, "There is a reply called hours already."),
     ("Hours!", "x", 400, "small letters, digits and hyphens"), ("x", " ", 400, "characters")],
)  # fmt: skip
def test_a_refusal_is_beside_what_was_written(
    ana: Clerk, hours: str, shortcut: str, body: str, status: int, said: str
) -> None:
    sent = ana.does(NEW, HOME, shortcut=shortcut, body=body)
    assert (sent.status_code, said in sent.text) == (status, True)
    assert f'value="{shortcut}"' in sent.text


def test_a_stale_edit_is_shown_and_saved_only_when_asked_again(ana: Clerk, hours: str) -> None:
    stale = ana.form(hours, hours)
    ana.does(hours, hours, body="We open at ten.")
    sent = ana.sends(hours, stale, body="We open at eight.")
    assert sent.status_code == 409
    assert "We open at ten." in words(sent)
    assert "We open at eight.</textarea>" in sent.text
    ana.does(hours, hours, body="We open at eight.")
    assert "We open at eight." in ana.opens(HOME).text


def test_removing_is_undone(ana: Clerk, hours: str) -> None:
    ana.does(HOME, f"{hours}/remove")
    assert "No replies yet" in ana.opens(HOME).text
    assert "hours" not in ana.opens(f"{HOME}?q=hours").text.split("<main")[1].split("nothing")[1]
    ana.does(f"{HOME}?state=removed", f"{hours}/restore")
    assert "We open at nine." in ana.opens(HOME).text


def test_a_list_goes_on_by_key(ana: Clerk, house: House) -> None:
    for number in range(60):
        house.office.canned.add(f"reply-{number:02}", "x", "user:ana", by="ana")
    first = ana.opens(HOME)
    onward = first.text.split('rel="next" href="')[1].split('"')[0]
    assert ana.opens(onward).text.count('scope="row"') == 10


def test_a_reply_is_put_into_the_answer(ana: Clerk, house: House, hours: str) -> None:
    house.say("When do you open?")
    assert f'href="{TALK}?canned=1"' in ana.opens(TALK).text
    assert "We open at nine.</textarea>" in ana.opens(f"{TALK}?canned=1").text
    assert ana.opens(f"{TALK}?canned=7").status_code == 404
    assert "canned=" not in ana.opens(f"{TALK}?canned=1").text.split("Edit replies")[1]


def test_putting_off_and_bringing_back(ana: Clerk, house: House) -> None:
    house.say("No hurry")
    form = ana.form(TALK, f"{TALK}/snooze")
    assert ana.sends(f"{TALK}/snooze", form, hours="2").status_code == 400
    for _ in range(2):
        assert ana.sends(f"{TALK}/snooze", form, hours="24").location == "/admin/inbox"
    assert "Nobody waits" in ana.opens("/admin/inbox").text
    assert "No hurry" in ana.opens("/admin/inbox?tab=snoozed").text
    assert "put off by ana until" in words(ana.opens(TALK))
    ana.does(TALK, f"{TALK}/wake")
    assert "No hurry" in ana.opens("/admin/inbox").text
    told = [act for act in actions(house) if act != "conversation.claim"]
    assert told == ["conversation.snooze", "conversation.wake"]


def test_conversations_are_found_by_their_words(ana: Clerk, house: House) -> None:
    house.say("First")
    house.say("The parcel came without its 100% label, " + "x" * 300)
    house.reply(house.key(), "A new <b>sticker</b> leaves today")
    for found in ("100% LABEL", "sticker"):
        page = ana.opens(f"/admin/sessions?q={found.replace('%', '%25')}")
        assert "found.lower()" not in page.text
        assert found.lower() in words(page).lower().split("last active")[1]
    assert "No session fits" in ana.opens("/admin/sessions?q=100x").text
    house.say("And a question")
    assert "And a question" in ana.opens("/admin/inbox?tab=all&q=question").text
    assert "Nobody fits" in ana.opens("/admin/inbox?tab=all&q=nothing+like").text
