"""/account: one's own password and the places where one is signed in."""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from chat_bridge.domain import times
from chat_bridge.errors import BridgeError
from chat_bridge.model import Login
from control import people
from control.pages import Pages
from control.view_models import AccountPage, LoginView

DONE = {
    "password": "Your password is changed, and every other browser is signed out.",
    "revoked": "That browser is signed out.",
}


def routes(page: Blueprint, pages: Pages) -> None:
    mine = people.requires("user", even_with_old_password=True)

    @page.get(people.ACCOUNT)
    @mine
    def account() -> Response:
        return _account(pages, done=DONE.get(request.args.get("done", ""), ""))

    @page.post(f"{people.ACCOUNT}/password")
    @mine
    def change_password() -> Response:
        new = request.form.get("new_password", "")
        if new != request.form.get("new_password_again", new):
            return _account(pages, error="The two new passwords are not the same.")
        old = request.form.get("old_password", "")
        try:
            pages.accounts.change_own_password(people.signed_in(), old, new, people.visitor())
        except BridgeError as error:
            return _account(pages, error=_said(error), status=error.status)
        return redirect(f"{people.ACCOUNT}?done=password", 303)

    @page.post(f"{people.ACCOUNT}/sessions/<login_id>/revoke")
    @mine
    def revoke(login_id: str) -> Response:
        me = people.signed_in()
        if login_id != me.login.id:
            pages.logins.revoke(me.person, login_id, me.person.actor)
            return redirect(f"{people.ACCOUNT}?done=revoked", 303)
        pages.logins.sign_out(me)
        return _out(pages)

    @page.post(f"{people.ACCOUNT}/sign-out-everywhere")
    @mine
    def leave_everywhere() -> Response:
        person = people.signed_in().person
        pages.logins.end_all(person, person.actor)
        return _out(pages)


def _out(pages: Pages) -> Response:
    response = redirect(people.LOGIN, 303)
    people.sign_out(response)
    people.forget_browser(response, pages.settings.cookie_name)
    return response


def _account(pages: Pages, *, done: str = "", error: str = "", status: int = 400) -> Response:
    me = people.signed_in()
    logins = [_view(login, me.login.id) for login in pages.logins.of_person(me.person)]
    model = AccountPage(
        username=me.person.username, role=me.person.role, email=me.person.email or "",
        must_change=me.person.must_change_password, staff=me.person.staff, logins=logins,
        done=done, error=error,
    )  # fmt: skip
    return make_response(
        render_template("people/account.html", page=model), status if error else 200
    )


def _view(login: Login, current: str) -> LoginView:
    return LoginView(
        id=login.id,
        browser=login.user_agent or "unknown browser",
        address=login.ip_address or "unknown address",
        since=times.canonical(login.created_at),
        used=times.canonical(login.last_used_at or login.created_at),
        current=login.id == current,
    )


def _said(error: BridgeError) -> str:
    return "The old password is not right." if error.status == 401 else error.message
