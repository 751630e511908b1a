"""The search of every page."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import Clerk, words


def found(ana: Clerk, asked: str) -> str:
    return ana.browser.get("/admin/find", query_string={"q": asked}).location


def test_an_id_leads_to_what_it_names(ana: Clerk, house: House) -> None:
    job = house.say("/search city=Berlin").message.job_id or ""
    assert found(ana, ADAS_CHAT) == f"/admin/sessions/{ADAS_CHAT}"
    assert found(ana, f"  {ADAS_CHAT} ") == f"/admin/sessions/{ADAS_CHAT}"
    assert found(ana, job) == f"/admin/jobs/{job}"


@pytest.mark.parametrize("asked", ["order 48-113", "a&b=c", "//elsewhere.example", "Zoë"])
def test_words_lead_to_the_sessions_that_have_them(ana: Clerk, house: House, asked: str) -> None:
    house.say(f"Where is {asked}?")
    place = urlsplit(found(ana, asked))
    assert (place.netloc, place.path, parse_qs(place.query)) == (
        "",
        "/admin/sessions",
        {"q": [asked]},
    )
    assert f"/admin/sessions/{ADAS_CHAT}" in ana.opens(found(ana, asked)).text


def test_part_of_an_id_is_found_by_the_list(ana: Clerk, house: House) -> None:
    house.say("Hello")
    assert f"/admin/sessions/{ADAS_CHAT}" in ana.opens(found(ana, ADAS_CHAT[:-2])).text


def test_nothing_leads_to_all_and_too_much_is_refused(ana: Clerk) -> None:
    assert found(ana, " ") == "/admin/sessions"
    refused = ana.opens("/admin/find?q=" + "x" * 101)
    assert refused.status_code == 400
    assert "at most 100 characters" in words(refused)


def test_it_is_for_those_who_may_read(app: Flask, hire: Callable[..., Clerk]) -> None:
    assert app.test_client().get("/admin/find?q=x").location.startswith("/login?next=")
    assert hire("uma", "user").opens("/admin/find?q=x").status_code == 403
    assert 'action="/admin/find"' in hire("vera", "viewer").opens("/admin/sessions").text
