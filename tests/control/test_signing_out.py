"""GET /logout, typed by hand or asked for by a program: out, as the founding servers had it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from control import Pages
from tests.builders import House
from tests.control.conftest import application
from tests.control.test_sign_in import PASSWORD, sign_in


@pytest.fixture
def grace(house: House) -> str:
    return house.accounts.add("grace", "operator", "test", password=PASSWORD)[0].username


@pytest.fixture
def browser(pages: Callable[..., Pages]) -> FlaskClient:
    return application(pages()).test_client()


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}])
def test_out_by_the_address_itself_as_the_founding_servers_had_it(
    browser: FlaskClient, grace: str, headers: dict[str, str]
) -> None:
    sign_in(browser)
    cookie = browser.get_cookie("cb_login")
    left = browser.get("/logout", headers=headers)
    assert (left.status_code, left.location) == (302, "/login")
    assert browser.get_cookie("cb_login") is None
    assert cookie is not None
    browser.set_cookie("cb_login", cookie.value)
    assert browser.get("/account").status_code == 303
    browser.delete_cookie("cb_login")
    assert browser.get("/logout").location == "/login"


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none", "Sec-Purpose": "prefetch"},
    {"Accept": "image/avif,image/*"},
])  # fmt: skip
def test_a_link_or_picture_that_leads_there_asks_first(
    browser: FlaskClient, grace: str, headers: dict[str, str]
) -> None:
    """An agent's answer may hold one."""
    sign_in(browser)
    asked = browser.get("/logout", headers=headers)
    assert (asked.status_code, "Sign out?" in asked.text) == (200, True)
    assert browser.get("/account").status_code == 200
