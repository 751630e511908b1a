"""Filters of the inbox that an operator keeps under a name."""

from collections.abc import Callable

import pytest

from chat_bridge.domain.views import MOST
from tests.builders import House
from tests.control.console.clerk import Clerk, form_of, words

INBOX, VIEWS = "/admin/inbox", "/admin/inbox-views"
LAMPS = f"{INBOX}?q=lamp"


def keep(one: Clerk, page: str, name: str) -> str:
    form = form_of(one.opens(page).text, VIEWS)
    return str(one.sends(VIEWS, form, name=name).location)


def test_a_view_is_a_link_to_its_filters_for_its_owner(
    ana: Clerk, hire: Callable[..., Clerk], house: House
) -> None:
    assert keep(ana, f"{INBOX}?tab=all&q=order+48&tag=refund", "  My   refunds ") == (
        f"{INBOX}?tab=all&q=order+48&tag=refund"
    )
    link = f'href="{INBOX}?tab=all&amp;q=order+48&amp;tag=refund"'
    page = ana.opens(INBOX).text
    assert f'{link} dir="auto">My refunds<' in page
    assert f'{link} aria-current="true"' in ana.opens(f"{INBOX}?tag=refund&tab=all&q=order+48").text
    ben = hire("ben")
    assert "My refunds" not in ben.opens(INBOX).text
    form = form_of(page, f"{VIEWS}/1/remove")
    form["csrf_token"] = ben.form(LAMPS, VIEWS)["csrf_token"]
    assert ben.sends(f"{VIEWS}/1/remove", form).status_code == 404
    ana.sends(f"{VIEWS}/1/remove", form_of(page, f"{VIEWS}/1/remove"))
    assert link not in ana.opens(INBOX).text


def test_a_name_is_one_view_and_a_form_acts_once(ana: Clerk, house: House) -> None:
    form = form_of(ana.opens(f"{LAMPS}&tab=all").text, VIEWS)
    everybody = "tab=all&q=lamp"
    for _ in range(2):
        ana.sends(VIEWS, form, name="Busy")
    keep(ana, LAMPS, "Busy")
    assert [one.query for one in house.office.views.of(ana.person)] == ["tab=unassigned&q=lamp"]
    told = [(e.before, e.after) for e in house.audit.entries() if e.action == "inbox view"]
    assert told == [(None, everybody), (everybody, "tab=unassigned&q=lamp")]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u202eb"])
def test_a_name_that_is_none_is_refused(ana: Clerk, name: str) -> None:
    refused = ana.sends(VIEWS, form_of(ana.opens(LAMPS).text, VIEWS), name=name)
    assert refused.status_code == 400
    assert "1 to 40 characters" in words(refused)


def test_not_more_than_one_can_overlook(ana: Clerk, house: House) -> None:
    for number in range(MOST):
        house.office.views.keep(ana.person, f"view {number}", "tab=all")
    refused = ana.sends(VIEWS, form_of(ana.opens(LAMPS).text, VIEWS), name="one more")
    assert (refused.status_code, f"there are {MOST} views already" in words(refused)) == (400, True)


def test_a_viewer_keeps_none(hire: Callable[..., Clerk], ana: Clerk) -> None:
    vera = hire("vera", "viewer")
    assert VIEWS not in vera.opens(LAMPS).text
    form = form_of(ana.opens(LAMPS).text, VIEWS)
    assert vera.sends(VIEWS, form, name="Busy").status_code == 403
