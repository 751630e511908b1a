"""/setup: the first administrator, with the code that the start has shown."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from chat_bridge.errors import BadRequest, BridgeError
from chat_bridge.model.access import PUBLIC, open_to
from control import people
from control.pages import Pages
from control.sign_in import answer, let_in, said
from control.view_models import SignInPage


def routes(page: Blueprint, pages: Pages) -> None:
    @page.get("/setup")
    @open_to(PUBLIC)
    def setup() -> Response:
        if not pages.accounts.awaits_first_admin():
            return redirect(people.LOGIN, 303)
        return _setup()

    @page.post("/setup")
    @open_to(PUBLIC)
    def set_up() -> Response:
        people.check_first_form()
        if not pages.accounts.awaits_first_admin():
            return redirect(people.LOGIN, 303)
        username = request.form.get("username", "").strip()
        code, password = request.form.get("code", ""), request.form.get("password", "")
        if password != request.form.get("password_again", password):
            return _setup(username, BadRequest("The two passwords are not the same."))
        try:
            _, token = pages.accounts.set_up(code, username, password, people.visitor())
        except BridgeError as error:
            return _setup(username, error)
        return let_in(token, "/admin/")


def _setup(username: str = "", error: BridgeError | None = None) -> Response:
    model = SignInPage(next="/", username=username, error=said(error), first=True)
    response = answer(render_template("people/setup.html", page=model), error)
    if error is not None:
        response.status_code = error.status
    return response
