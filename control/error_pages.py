"""What people see where there is no page: the same look, a sentence, a way back."""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, render_template
from werkzeug.exceptions import HTTPException

from control.view_models import ErrorPage

SENTENCES = {
    404: ("There is nothing at this address", "The link may be old, or the conversation deleted."),
    405: ("This address cannot be used that way", "Open the chat and try again from there."),
    500: ("Something went wrong on our side", "Your messages and files are safe. Try again."),
}
OTHERWISE = ("This did not work", "Open the chat and try again from there.")


def register(page: Blueprint, finish: Callable[[Response], Response]) -> None:
    """Also for addresses that belong to no blueprint, whose answers nobody else finishes."""
    for status in SENTENCES:
        page.app_errorhandler(status)(lambda error: finish(_shown(error)))


def _shown(error: HTTPException) -> Response:
    status = error.code or 500
    title, advice = SENTENCES.get(status, OTHERWISE)
    body = render_template("error.html", page=ErrorPage(status, title, advice))
    response = make_response(body, status)
    if error.code == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response
