"""/login and /logout."""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from chat_bridge.errors import BridgeError, SignInLocked
from chat_bridge.model import SignedIn
from chat_bridge.model.access import PUBLIC, open_to
from control import people
from control.pages import Pages
from control.view_models import SignInPage


def routes(page: Blueprint, pages: Pages) -> None:
    @page.get("/login")
    @open_to(PUBLIC)
    def login() -> Response:
        wanted = people.local(request.args.get("next", "/"))
        if people.current() is not None:
            return redirect(wanted, 303)
        return form(pages, wanted)

    @page.post("/login")
    @open_to(PUBLIC)
    def enter() -> Response:
        people.check_first_form()
        before = people.current()
        username = request.form.get("username", "").strip()
        wanted = people.local(request.form.get("next", "/"))
        try:
            person, token = pages.logins.sign_in(
                username, request.form.get("password", ""), people.visitor()
            )
        except BridgeError as error:
            return form(pages, wanted, username=username, error=error)
        if before is not None:
            pages.logins.sign_out(before)
        pages.sessions.claim(request.cookies.get(pages.settings.cookie_name, ""), person)
        return let_in(token, wanted)

    _leaving(page, pages)


def _leaving(page: Blueprint, pages: Pages) -> None:
    @page.get("/logout")
    @open_to(PUBLIC)
    def leave() -> Response:
        found = people.current()
        if found is None:
            return redirect(people.LOGIN, 302)
        if people.asked_by_hand():
            return _out(pages, found)
        return make_response(render_template("people/logout.html"))

    @page.post("/logout")
    @open_to(PUBLIC)
    def left() -> Response:
        found = people.current()
        if found is None:
            # Another site's form comes without our cookies: its answer must not take them away.
            return redirect(people.LOGIN, 302)
        people.check_form()
        return _out(pages, found)


def _out(pages: Pages, found: SignedIn) -> Response:
    response = redirect(people.LOGIN, 302)
    pages.logins.sign_out(found)
    people.sign_out(response)
    people.forget_browser(response, pages.settings.cookie_name)
    return response


def let_in(token: str, wanted: str) -> Response:
    response = redirect(wanted, 302)
    people.sign_in(response, token)
    return response


def form(
    pages: Pages, wanted: str, *, username: str = "", error: BridgeError | None = None
) -> Response:
    model = SignInPage(
        next=wanted, username=username, error=said(error),
        first=pages.accounts.awaits_first_admin(),
    )  # fmt: skip
    return answer(render_template("people/login.html", page=model), error)


def answer(body: str, error: BridgeError | None) -> Response:
    """A refused sign-in is the form again, as the founding servers had it; a lock says for how
    long."""
    response = make_response(body)
    if error is not None and error.status == 429:
        response.status_code = 429
        response.headers["Retry-After"] = str(error.details.get("retry_after", 60))
    return response


def said(error: BridgeError | None) -> str:
    if isinstance(error, SignInLocked):
        minutes = -(-int(str(error.details["retry_after"])) // 60)
        return f"Too many attempts. Try again in {minutes} min."
    return error.message if error else ""
