"""/login, /logout, /setup and /account, as a browser without JavaScript uses them."""

import re
from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chat_bridge.domain.first_start import first_start
from control import Pages, people
from tests.builders import House
from tests.control.conftest import application

PASSWORD, OTHER = "blue horses at dawn", "red tractors at noon"
BROWSER = {"Origin": "http://localhost"}


@pytest.fixture
def grace(house: House) -> str:
    """An operator."""
    return house.accounts.add("grace", "operator", "test", password=PASSWORD)[0].username


@pytest.fixture
def app(pages: Callable[..., Pages]) -> Flask:
    """With one page for each role, as the console has them."""
    app = application(pages())
    desk = Blueprint("desk", __name__)
    for role in ("viewer", "operator", "admin"):
        view = people.requires(role)(lambda role=role: f"the desk of a {role}")
        methods = ["GET", "POST"]
        desk.add_url_rule(f"/desk/{role}", role, view, methods=methods)
    app.register_blueprint(desk)
    return app


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def token(page: TestResponse) -> str:
    (found,) = set(re.findall(r'name="csrf_token" value="(\w+)"', page.text))
    return str(found)


def sign_in(
    browser: FlaskClient, name: str = "grace", password: str = PASSWORD, **more: str
) -> TestResponse:
    form = {"csrf_token": token(browser.get("/login")), "username": name, "password": password}
    return browser.post("/login", data={**form, **more}, headers=BROWSER)


class TestSigningIn:
    def test_in_by_the_form_and_out_again(self, browser: FlaskClient, grace: str) -> None:
        entered = sign_in(browser)
        assert (entered.status_code, entered.location) == (302, "/")
        cookie = browser.get_cookie("cb_login")
        assert cookie is not None
        assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Strict", "/")
        account = browser.get("/account")
        assert "grace" in account.text
        left = browser.post("/logout", data={"csrf_token": token(account)}, headers=BROWSER)
        assert (left.status_code, left.location) == (302, "/login")
        browser.set_cookie("cb_login", cookie.value)
        assert browser.get("/account").status_code == 303

    def test_a_program_needs_no_form(self, browser: FlaskClient, grace: str) -> None:
        entered = browser.post("/login", data={"username": "grace", "password": PASSWORD})
        assert (entered.status_code, entered.location) == (302, "/")

    @pytest.mark.parametrize("name", ["grace", "nobody"])
    def test_a_refusal_is_the_form_again(self, browser: FlaskClient, grace: str, name: str) -> None:
        refused = sign_in(browser, name, "wrong")
        assert refused.status_code == 200
        assert "Invalid username or password" in refused.text
        assert f'value="{name}"' in refused.text
        assert browser.get_cookie("cb_login") is None

    def test_too_many_tries_say_for_how_long(self, browser: FlaskClient, grace: str) -> None:
        for _ in range(5):
            sign_in(browser, password="wrong")
        locked = sign_in(browser)
        assert locked.status_code == 429
        assert 0 < int(locked.headers["Retry-After"]) <= 900
        assert "Too many attempts. Try again in 15 min." in locked.text

    @pytest.mark.parametrize(
        ("wanted", "shown"),
        [("/desk/viewer?x=1", "/desk/viewer?x=1"), ("//evil.example", "/"),
         ("https://evil.example", "/"), ("/\\evil.example", "/"), ("", "/")],
    )  # fmt: skip
    def test_one_goes_on_to_an_address_of_ours_only(
        self, browser: FlaskClient, grace: str, wanted: str, shown: str
    ) -> None:
        assert sign_in(browser, next=wanted).location == shown

    def test_over_https_the_cookies_are_bound_to_the_host(
        self, pages: Callable[..., Pages], grace: str
    ) -> None:
        browser = application(pages(secure=True)).test_client()
        form = {"username": "grace", "password": PASSWORD}
        entered = browser.post("/login", data=form, base_url="https://chat.example.org")
        (cookie,) = entered.headers.getlist("Set-Cookie")
        assert cookie.startswith("__Host-cb_login=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))

    def test_a_second_sign_in_has_another_token(self, browser: FlaskClient, grace: str) -> None:
        found = set()
        for _ in range(2):
            sign_in(browser)
            cookie = browser.get_cookie("cb_login")
            assert cookie is not None
            found.add(cookie.value)
            browser.delete_cookie("cb_login")
        assert len(found) == 2

    def test_a_new_sign_in_ends_the_one_before_in_this_browser(
        self, browser: FlaskClient, grace: str
    ) -> None:
        sign_in(browser)
        before = browser.get_cookie("cb_login")
        form = {"csrf_token": token(browser.get("/account")), "username": "grace",
                "password": PASSWORD}  # fmt: skip
        assert browser.post("/login", data=form, headers=BROWSER).status_code == 302
        assert browser.get("/account").status_code == 200
        assert before is not None
        browser.set_cookie("cb_login", before.value)
        assert browser.get("/account").status_code == 303

    def test_a_refused_one_leaves_it(self, browser: FlaskClient, grace: str) -> None:
        sign_in(browser)
        form = {"csrf_token": token(browser.get("/account")), "username": "grace", "password": "no"}
        assert browser.post("/login", data=form, headers=BROWSER).status_code == 200
        assert browser.get("/account").status_code == 200


class TestForms:
    @pytest.mark.parametrize("headers", [
        {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ])  # fmt: skip
    def test_another_site_signs_nobody_in_or_out(
        self, browser: FlaskClient, grace: str, headers: dict[str, str]
    ) -> None:
        given = {"csrf_token": token(browser.get("/login"))}
        form = {**given, "username": "grace", "password": PASSWORD}
        assert browser.post("/login", data=form, headers=headers).status_code == 403
        sign_in(browser)
        given = {"csrf_token": token(browser.get("/account"))}
        assert browser.post("/logout", data=given, headers=headers).status_code == 403
        assert browser.get("/account").status_code == 200

    @pytest.mark.parametrize("given", ["", "wrong", "é"])
    def test_a_form_without_its_token_does_nothing(
        self, browser: FlaskClient, grace: str, given: str
    ) -> None:
        sign_in(browser)
        for path in ("/logout", "/account/password", "/account/sign-out-everywhere"):
            refused = browser.post(path, data={"csrf_token": given}, headers=BROWSER)
            assert (path, refused.status_code) == (path, 403)
        assert browser.get("/account").status_code == 200

    def test_the_token_of_another_sign_in_is_none(
        self, app: Flask, browser: FlaskClient, grace: str
    ) -> None:
        sign_in(browser)
        other = app.test_client()
        sign_in(other)
        given = {"csrf_token": token(other.get("/account"))}
        assert browser.post("/logout", data=given).status_code == 403

    def test_scripts_send_it_as_a_header(self, browser: FlaskClient, grace: str) -> None:
        sign_in(browser)
        header = {"X-CSRF-Token": token(browser.get("/account"))}
        assert browser.post("/desk/viewer", headers=header).status_code == 200
        refused = browser.post("/desk/viewer", headers={"Accept": "application/json"})
        assert (refused.status_code, refused.json["error_code"]) == (403, "csrf_failed")


class TestRoles:
    @pytest.mark.parametrize(("role", "may"), [
        ("user", ()), ("viewer", ("viewer",)), ("operator", ("viewer", "operator")),
        ("admin", ("viewer", "operator", "admin")), ("robot", ()),
    ])  # fmt: skip
    def test_each_may_what_the_ones_before_may(
        self, house: House, browser: FlaskClient, role: str, may: tuple[str, ...]
    ) -> None:
        person = house.accounts.add("ada", "user", "test", password=PASSWORD)[0]
        connection = house.store.database.connection
        connection.execute("UPDATE users SET role = ? WHERE id = ?", (role, person.id))
        sign_in(browser, "ada")
        given = {"csrf_token": token(browser.get("/account"))}
        for desk in ("viewer", "operator", "admin"):
            expected = 200 if desk in may else 403
            assert browser.get(f"/desk/{desk}").status_code == expected
            assert browser.post(f"/desk/{desk}", data=given).status_code == expected

    def test_a_stranger_is_asked_to_sign_in_and_comes_back(self, browser: FlaskClient) -> None:
        asked = browser.get("/desk/viewer?state=dead&page=2")
        assert asked.status_code == 303
        assert asked.location == "/login?next=%2Fdesk%2Fviewer%3Fstate%3Ddead%26page%3D2"

    def test_a_reset_password_has_to_be_changed_first(
        self, house: House, browser: FlaskClient, grace: str
    ) -> None:
        secret = house.accounts.reset_password(house.accounts.named(grace).id, "test")
        sign_in(browser, password=secret)
        held = browser.get("/desk/viewer")
        assert (held.status_code, held.location) == (303, "/account")
        account = browser.get("/account")
        assert "Choose one of your own" in account.text
        form = {"csrf_token": token(account), "old_password": secret, "new_password": OTHER,
                "new_password_again": OTHER}  # fmt: skip
        changed = browser.post("/account/password", data=form)
        assert (changed.status_code, changed.location) == (303, "/account?done=password")
        assert browser.get("/desk/viewer").status_code == 200


class TestAccount:
    def test_a_wrong_old_password_is_said(self, browser: FlaskClient, grace: str) -> None:
        sign_in(browser)
        form = {"csrf_token": token(browser.get("/account")), "old_password": "wrong",
                "new_password": OTHER, "new_password_again": OTHER}  # fmt: skip
        refused = browser.post("/account/password", data=form)
        assert (refused.status_code, "The old password is not right." in refused.text) == (
            401,
            True,
        )

    def test_two_different_new_ones_are_said(self, browser: FlaskClient, grace: str) -> None:
        sign_in(browser)
        form = {"csrf_token": token(browser.get("/account")), "old_password": PASSWORD,
                "new_password": OTHER, "new_password_again": "something else"}  # fmt: skip
        refused = browser.post("/account/password", data=form)
        assert (refused.status_code, "not the same" in refused.text) == (400, True)

    def test_another_browser_is_signed_out_from_here(
        self, app: Flask, browser: FlaskClient, grace: str
    ) -> None:
        other = app.test_client()
        sign_in(other)
        sign_in(browser)
        account = browser.get("/account")
        (path,) = re.findall(r'action="(/account/sessions/[^"]+)"', account.text)
        given = {"csrf_token": token(account)}
        assert browser.post(path, data=given).location == "/account?done=revoked"
        assert other.get("/account").status_code == 303
        assert browser.post(path, data=given).status_code == 404

    def test_everywhere_includes_here(self, app: Flask, browser: FlaskClient, grace: str) -> None:
        other = app.test_client()
        sign_in(other)
        sign_in(browser)
        given = {"csrf_token": token(browser.get("/account"))}
        assert browser.post("/account/sign-out-everywhere", data=given).location == "/login"
        assert browser.get("/account").status_code == other.get("/account").status_code == 303


class TestSetUp:
    def fill(self, house: House, browser: FlaskClient, **more: str) -> TestResponse:
        first = first_start(house.store, house.clock, house.keys, configured={}, published=())
        form = {"csrf_token": token(browser.get("/setup")), "code": first.setup_code or "",
                "username": "grace", "password": PASSWORD, "password_again": PASSWORD}  # fmt: skip
        return browser.post("/setup", data={**form, **more}, headers=BROWSER)

    def test_the_first_administrator_is_let_in(self, house: House, browser: FlaskClient) -> None:
        assert "/setup" in browser.get("/login").text
        done = self.fill(house, browser)
        assert (done.status_code, done.location) == (302, "/admin/")
        assert browser.get("/desk/admin").status_code == 200
        assert browser.get("/setup").location == "/login"

    def test_then_nobody_is_offered_it(self, house: House, browser: FlaskClient) -> None:
        self.fill(house, browser)
        stranger = browser.application.test_client()
        assert "/setup" not in stranger.get("/login").text
        form = {"code": "0000-0000-0000-0000", "username": "eve", "password": PASSWORD}
        assert stranger.post("/setup", data=form).location == "/login"

    @pytest.mark.parametrize(("field", "value", "status", "said"), [
        ("code", "1111-2222-3333-4444", 403, "This set-up code is wrong"),
        ("password_again", "another one", 400, "The two passwords are not the same."),
    ])  # fmt: skip
    def test_mistakes_are_said(
        self, house: House, browser: FlaskClient, field: str, value: str, status: int, said: str
    ) -> None:
        refused = self.fill(house, browser, **{field: value})
        assert (refused.status_code, said in refused.text) == (status, True)
