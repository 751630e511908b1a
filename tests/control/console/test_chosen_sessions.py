"""Several sessions closed or deleted at once, by a browser without JavaScript."""

from collections.abc import Callable

import pytest

from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House
from tests.control.console.clerk import Clerk, actions, words

HOME, CHOSEN = "/admin/sessions", "/admin/sessions/chosen"
BOTH = f"id={ADAS_CHAT}&id={GRACES_CHAT}"


@pytest.fixture
def house(house: House) -> House:
    house.say("Where is my order?")
    house.say("Hello?", GRACES_CHAT, GRACE)
    return house


def chosen(clerk: Clerk, act: str, *names: str) -> dict[str, list[str]]:
    """What the page that asks would send, for these sessions."""
    page = f"{CHOSEN}?act={act}&" + "&".join(f"id={name}" for name in names)
    form = clerk.form(page, CHOSEN)
    return {**{name: [value] for name, value in form.items()}, "id": list(names)}


def sends(clerk: Clerk, form: dict[str, list[str]]) -> int:
    origin = {"Origin": "http://localhost"}
    return clerk.browser.post(CHOSEN, data=form, headers=origin).status_code


def test_the_page_says_how_many_and_which(ana: Clerk, house: House) -> None:
    assert f'value="{ADAS_CHAT}"' in ana.opens(HOME).text
    shown = words(ana.opens(f"{CHOSEN}?act=delete&{BOTH}&id=session_nobody"))
    for told in ("Delete 2 sessions", "Where is my order?", "Hello?", "Their 2 messages"):
        assert told in shown
    assert "cannot be undone" not in words(ana.opens(f"{CHOSEN}?act=close&{BOTH}"))


def test_closing_twice_closes_once(ana: Clerk, house: House) -> None:
    form = chosen(ana, "close", ADAS_CHAT, GRACES_CHAT)
    assert [sends(ana, form) for _ in range(2)] == [303, 303]
    assert house.sessions.find(ADAS_CHAT).status == "ended"
    assert actions(house) == ["session.close"] * 2
    assert "2 sessions are closed." in ana.opens(HOME).text
    assert sends(ana, chosen(ana, "close", ADAS_CHAT, GRACES_CHAT)) == 303
    assert "0 sessions are closed." in ana.opens(HOME).text


def test_deleting_takes_those_that_are_left(ana: Clerk, house: House) -> None:
    form = chosen(ana, "delete", ADAS_CHAT, GRACES_CHAT)
    house.sessions.erase(house.sessions.find(GRACES_CHAT))
    assert sends(ana, form) == 303
    assert "1 session is deleted" in ana.opens(HOME).text
    entry = list(house.audit.entries())[-1]
    assert (entry.subject, entry.before, entry.after) == (
        ADAS_CHAT, "1 messages, 0 answers", "deleted"
    )  # fmt: skip
    other = {**form, "form_key": ["another-key-of-this-form"]}
    assert sends(ana, other) == 404


def test_choosing_nothing_is_told(ana: Clerk, house: House) -> None:
    for path in (f"{CHOSEN}?act=close", f"{CHOSEN}?act=delete&id=session_nobody"):
        assert ana.opens(path).location == HOME
        assert "Choose at least one session" in ana.opens(HOME).text


@pytest.mark.parametrize("asked", ["act=burn&id=x", "id=x", "act=close&" + "&id=x" * 51])
def test_a_wrong_parameter_is_told(ana: Clerk, house: House, asked: str) -> None:
    assert ana.opens(f"{CHOSEN}?{asked}").status_code == 400


def test_viewers_choose_nothing(hire: Callable[..., Clerk], house: House) -> None:
    vera = hire("vera", "viewer")
    assert "checkbox" not in vera.opens(HOME).text
    assert vera.opens(f"{CHOSEN}?act=close&{BOTH}").status_code == 403
    assert vera.sends(CHOSEN, {"act": "close", "id": ADAS_CHAT}).status_code == 403
