"""/admin/find: the search of every page. An id leads to what it names, words to the sessions that
have them."""

from urllib.parse import quote, urlencode

from flask import Blueprint, Response, make_response, redirect, request

from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import NotFound
from control.console.frame import Shell
from control.console.listing import Query
from control.people import requires


def routes(page: Blueprint, shell: Shell) -> None:
    @page.get("/admin/find")
    @requires("viewer")
    def find() -> Response:
        words = Query("/admin/find", request.args).text("q")
        return make_response(redirect(_place(shell.bridge, words)))


def _place(bridge: Bridge, words: str | None) -> str:
    if words is None:
        return "/admin/sessions"
    for area, look in (("sessions", bridge.sessions.find), ("jobs", bridge.jobs.find)):
        try:
            look(words)
        except NotFound:
            continue
        return f"/admin/{area}/{quote(words, safe='')}"
    return f"/admin/sessions?{urlencode({'q': words})}"
