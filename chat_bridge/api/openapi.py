"""GET /api/v1/openapi.json: the contract, put together from what action table, routes and registry
say of themselves."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app
from werkzeug.routing import Rule

from chat_bridge import __version__
from chat_bridge.api.actions import ACTIONS
from chat_bridge.api.envelope import answer
from chat_bridge.api.shapes import Shape, envelopes, shape, shape_of
from chat_bridge.api.shapes.kinds import COMPONENTS, FREE, TEXT, Schema, one_of
from chat_bridge.model.access import PUBLIC, TABLE, Access, access_of, open_to
from chat_bridge.workflow import registry

PATH = "/api/v1/openapi.json"
JSON = "application/json"
VARIABLE = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
ANY_ACTION = Shape("any action of the table, by its name", data={})
SECURITY: dict[str, Schema] = {
    "key": {"type": "http", "scheme": "bearer", "description": "an API key"},
    "token": {"type": "apiKey", "in": "header", "name": "X-Session-Token"},
    "login": {"type": "apiKey", "in": "cookie", "name": "cb_login"},
}
NEEDED: Mapping[str, list[dict[str, list[str]]]] = {
    "public": [],
    "visitor": [{"token": []}, {"key": []}, {}],
    "key": [{"key": []}],
    "stateless": [{"key": []}, {}],
    "admin": [{"key": []}],
    "administrator": [{"key": []}, {"login": []}],
    "role": [{"login": []}],
}
PAGE: Schema = {"description": "a page", "content": {"text/html": {"schema": TEXT}}}
# Old clients know these two refusals as pages.
PINNED = {path: {"415": PAGE} for path in ("/chat/api/send_message", "/admin/api/config")}
REFUSED = {"description": "refused", "content": {JSON: {"schema": envelopes.ERROR}}}


def routes(api: Blueprint) -> None:
    built: list[bytes] = []

    @api.get(PATH)
    @open_to(PUBLIC)
    @shape("this document", files=(JSON,))
    def openapi() -> Response:
        if not built:
            built.append(orjson.dumps(document(current_app)))
        return answer(built[0])


def document(app: Flask) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, said, access in declared(app):
        paths.setdefault(template(rule), {})[method.lower()] = _operation(
            rule, method, said, access
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chat Bridge", "version": __version__},
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": _schemas(), "securitySchemes": SECURITY},
    }


def declared(app: Flask) -> Iterator[tuple[Rule, str, Shape, Access]]:
    """Every route and method that says its shape."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        access, said = access_of(view), shape_of(view)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if access == TABLE:
                yield from _of_table(rule, method)
            elif access and said:
                yield rule, method, said, access


def template(rule: Rule) -> str:
    return VARIABLE.sub(r"{\1}", rule.rule)


def _of_table(rule: Rule, method: str) -> Iterator[tuple[Rule, str, Shape, Access]]:
    """The methods of the action, or of any where the query names it."""
    name = (rule.defaults or {}).get("name")
    if name is None and method in ("GET", "POST"):
        names = [one.name for one in ACTIONS.values() if method in one.methods]
        body = FREE if method == "POST" else None
        said = Shape(ANY_ACTION.about, ANY_ACTION.data, {"action": one_of(*names)}, body)
        yield rule, method, said, TABLE
    elif name is not None and (handler := ACTIONS[name].methods.get(method)):
        yield rule, method, shape_of(handler) or Shape(ACTIONS[name].about), ACTIONS[name].access


def _operation(rule: Rule, method: str, said: Shape, access: Access) -> dict[str, Any]:
    words = re.findall(r"\w+", template(rule).removeprefix("/api/v1"))
    words += ["short"] * _is_also_below(rule)
    slashes = "_" * template(rule).count("//") + "_" * rule.rule.endswith("/")
    about: dict[str, Any] = {
        "operationId": "_".join([method.lower(), *words]) + slashes,
        "summary": said.about,
        "x-access": f"{access.policy} {access.what}".strip(),
        "parameters": list(_parameters(rule, said)),
        "responses": {
            "200": _answer(said),
            "4XX": REFUSED,
            "5XX": REFUSED,
            **PINNED.get(rule.rule, {}),
        },
    }
    if needed := NEEDED.get(access.policy):
        about["security"] = needed
    if said.body is not None:
        about["requestBody"] = {"content": {JSON: {"schema": said.body}}}
    if said.form is not None:
        content = {"multipart/form-data": {"schema": said.form}}
        about["requestBody"] = {"required": True, "content": content}
    return about


def _is_also_below(rule: Rule) -> bool:
    """The same address exists below /api/v1."""
    return any(other.rule == f"/api/v1{rule.rule}" for other in rule.map.iter_rules())


def _parameters(rule: Rule, said: Shape) -> Iterator[dict[str, Any]]:
    for name in VARIABLE.findall(rule.rule):
        yield {"name": name, "in": "path", "required": True, "schema": TEXT}
    for name, schema in said.query.items():
        yield {"name": name, "in": "query", "schema": schema}


def _answer(said: Shape) -> dict[str, Any]:
    content: dict[str, Any] = {
        kind: {"schema": {} if kind == JSON else {"type": "string"}} for kind in said.files
    }
    if said.data is not None:
        content[JSON] = {"schema": envelopes.success(said.data)}
    return {"description": said.about, "content": content}


def _schemas() -> dict[str, Schema]:
    """The named shapes; an operation's name is one of the registry's."""
    operation = COMPONENTS["Operation"]
    known = one_of(*(one.name for one in registry.operations()))
    named = {**operation, "properties": {**operation["properties"], "name": known}}
    return {**COMPONENTS, "Operation": named}
