"""What people see where there is no page: the same look, a sentence, a way back."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from chat_bridge.errors import BridgeError, NotAllowed
from control.view_models import ErrorPage

SENTENCES = {
    403: ("You may not do this", "Ask an administrator, or sign in as somebody who may."),
    404: ("There is nothing at this address", "The link may be old, or the conversation deleted."),
    405: ("This address cannot be used that way", "Open the chat and try again from there."),
    500: ("Something went wrong on our side", "Your messages and files are safe. Try again."),
}
OTHERWISE = ("This did not work", "Open the chat and try again from there.")


def register(page: Blueprint, finish: Callable[[Response], Response]) -> None:
    """Also for addresses that belong to no blueprint, whose answers nobody else finishes."""
    for status in SENTENCES:
        page.app_errorhandler(status)(lambda error: finish(_shown(error)))
    page.app_errorhandler(BridgeError)(lambda error: finish(refused(error)))


def refused(error: BridgeError) -> Response:
    """What the domain refuses, in its own sentence; scripts of ours get it as JSON."""
    if request.headers.get("Accept", "").startswith("application/json"):
        response = jsonify({"error": error.message, "error_code": error.code})
        response.status_code = error.status
        return response
    title, advice = SENTENCES.get(error.status, OTHERWISE)
    said = advice if isinstance(error, NotAllowed) else error.message
    body = render_template("error.html", page=ErrorPage(error.status, title, said))
    return make_response(body, error.status)


def _shown(error: HTTPException) -> Response:
    status = error.code or 500
    title, advice = SENTENCES.get(status, OTHERWISE)
    body = render_template("error.html", page=ErrorPage(status, title, advice))
    response = make_response(body, status)
    if error.code == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response
