"""The console of operators and administrators: one file a page, all within one frame."""

from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, Response, make_response, render_template, request

from chat_bridge.domain import times
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.sizes import as_size
from chat_bridge.errors import BridgeError, NotAllowed
from control import people
from control.console import (
    agents,
    audit,
    canned,
    chosen_sessions,
    dead_letters,
    files,
    find,
    inbox,
    jobs,
    keys,
    logs,
    maintenance,
    outbox,
    overview,
    redactions,
    sessions,
    settings,
    tags,
    users,
    views,
)
from control.console.frame import Shell
from control.console.people_shown import plain
from control.pages import PageSettings
from control.policy import guarded
from control.view_models import ErrorPage

PAGES = (
    overview, find, inbox, tags, views, canned, sessions, chosen_sessions, redactions, outbox,
    jobs, dead_letters, files, users, agents, keys, settings, audit, logs, maintenance,
)  # fmt: skip


def blueprint(bridge: Bridge, page_settings: PageSettings) -> Blueprint:
    """Needs the blueprint of the pages beside it: assets, people and their sign-in come from it."""
    page = Blueprint("console", __name__)
    page.add_app_template_filter(times.canonical, "utc")
    page.add_app_template_filter(plain, "plain")
    page.add_app_template_filter(as_size, "size")
    shell = Shell(bridge, page_settings.secure)
    for one in PAGES:
        one.routes(page, shell)
    page.after_request(lambda response: guarded(response, page_settings))
    page.register_error_handler(BridgeError, lambda error: _refused(shell, error))
    return page


def _refused(shell: Shell, error: BridgeError) -> Response:
    """In the frame for whoever may see it, else as the other pages say it."""
    found = people.current()
    if found is not None and found.person.may("viewer"):
        denied = isinstance(error, NotAllowed)
        return shell.show(
            "refused.html", "", status=error.status, error=error, denied=denied, back=_back()
        )
    shown = ErrorPage(error.status, "This did not work", error.message)
    return make_response(render_template("error.html", page=shown), error.status)


def _back() -> str | None:
    """To the page whose form was refused."""
    came = urlsplit(request.referrer or "")
    if request.method == "GET" or came.netloc != request.host:
        return None
    return urlunsplit(("", "", came.path, came.query, ""))
