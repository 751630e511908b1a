"""Addresses that pages of the founding servers had, beside the chat page itself."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, redirect
from werkzeug.wrappers import Response as BaseResponse

from chat_bridge.model.access import PUBLIC, open_to
from control.pages import Pages

SCRIPT = "js/embed/legacy.js"
MOVED = {
    "/web/chat.php": "/chat/", "/web/admin.php": "/admin/", "/settings": "/admin/",
    "/system-settings": "/admin/settings", "/user-management": "/admin/users",
    "/create-agent": "/admin/agents/new", "/logs-status": "/admin/logs",
}  # fmt: skip
KEPT = "public, max-age=300"  # the address never changes, so an update has to arrive by itself


def routes(page: Blueprint, pages: Pages) -> None:
    @page.get("/chat/widget.js")
    @open_to(PUBLIC)
    def legacy_script() -> Response:
        asset = pages.assets.find(SCRIPT) or abort(404)
        response = Response(asset.content, content_type="application/javascript; charset=utf-8")
        response.headers["Cache-Control"] = KEPT
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    for old, now in MOVED.items():
        page.add_url_rule(old, f"moved{old.replace('.', '_')}", _moved(now))


def _moved(now: str) -> Callable[[], BaseResponse]:
    @open_to(PUBLIC)
    def moved() -> BaseResponse:
        return redirect(now, 302)

    return moved
