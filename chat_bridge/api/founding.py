"""Addresses of the founding servers beside /api/v1/: `/chat/api/` for their pages and scripts,
`/admin/api/` for their admin page."""

from flask import Blueprint, Response, request

from chat_bridge.api import guards, parse
from chat_bridge.api.actions import ACTIONS, messages, responses
from chat_bridge.api.call import Call
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import Shape, shape, shape_of
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import InvalidJson
from chat_bridge.model.access import TABLE, open_to, visitor
from chat_bridge.ports import Waiting

FOR_ADMINS = ("sessions", "session_messages", "config", "cleanup", "clear_data", "cleanup_logs")
ASKED = shape_of(messages.post) or Shape("")
TOLD = shape_of(responses.get) or Shape("")
NOT_JSON = "<!doctype html><title>415</title><h1>Unsupported Media Type</h1>"


def routes(api: Blueprint, bridge: Bridge, waiting: Waiting) -> None:
    @open_to(TABLE)
    def call(name: str) -> Response:
        handler = ACTIONS[name].methods["POST" if request.method == "POST" else "GET"]
        wanted = Call(bridge, waiting, request, parse.query(request), any_session_id=True)
        if _form(name):
            wanted.admin()
            return _not_json()
        return handler(wanted)

    for name in FOR_ADMINS:
        methods = list(ACTIONS[name].methods)
        path = f"/admin/api/{name}"
        api.add_url_rule(path, "admin_action", call, methods=methods, defaults={"name": name})

    @api.post("/chat/api/send_message")
    @open_to(visitor(""))
    @shape("messages, for session ids of any form", body=ASKED.body, data=ASKED.data)
    def send_message() -> Response:
        if not request.is_json:
            return _not_json()
        wanted = Call(bridge, waiting, request, parse.query(request), any_session_id=True)
        if not wanted.body:
            raise InvalidJson
        accepted = messages.accept(bridge, wanted.body, wanted.visitor, guards.any_session_id)
        return success(accepted)

    @api.get("/chat/api/get_responses")
    @open_to(visitor("events"))
    @shape("responses, for session ids of any form", query=TOLD.query, data=TOLD.data)
    def get_responses() -> Response:
        return responses.get(
            Call(bridge, waiting, request, parse.query(request), any_session_id=True)
        )


def _form(name: str) -> bool:
    return name == "config" and request.method == "POST" and not request.is_json


def _not_json() -> Response:
    """Old clients know this one as a page."""
    return Response(NOT_JSON, 415, content_type="text/html; charset=utf-8")
