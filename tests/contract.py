"""What the OpenAPI document promises, held against every JSON answer that tests see. The document
leaves objects open for later fields; here they are closed, so a field nobody declared is found."""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import jsonschema_rs
from flask import Flask

import chat_bridge.api as wire
from chat_bridge.api import openapi
from chat_bridge.api.actions import ACTIONS

JSON = "application/json"
ENTRIES = ("/api/v1/", "/api/v1", "/api/v1/index.php", "//api/v1/")
NO_CONTENT = frozenset({204, 206, 304})


@cache
def api() -> Flask:
    """The routes of the API, with nothing behind them."""
    app = Flask("contract", static_folder=None)
    app.register_blueprint(wire.blueprint(cast(Any, None), cast(Any, None)))
    return app


@cache
def document() -> dict[str, Any]:
    return openapi.document(api())


@dataclass(frozen=True)
class Promises:
    document: Mapping[str, Any]
    _validators: dict[str, Any] = field(default_factory=dict)

    def check(self, method: str, target: str, status: int, kind: str, body: bytes) -> None:
        if method in ("HEAD", "OPTIONS") or status in NO_CONTENT or not _ours(target):
            return
        if status >= 400:
            if kind == JSON:
                self._hold("error", {"$ref": "#/components/schemas/Error"}, body)
            return
        path = self._template(target)
        operation = self.document["paths"].get(path, {}).get(method.lower())
        assert operation is not None, f"{method} {target} is not in the OpenAPI document"
        content = operation["responses"]["200"]["content"]
        assert kind in content or "*/*" in content, f"{method} {path} answers with {kind}"
        if kind == JSON and JSON in content:
            self._hold(f"{method} {path}", content[JSON]["schema"], body)

    def _template(self, target: str) -> str:
        """The entry stands for the action that its query names."""
        path, query = _split(target)
        if path in ENTRIES:
            name = parse_qs(query).get("action", [""])[0].partition("?")[0]
            path = f"/api/v1/{name}" if f"/api/v1/{name}" in self.document["paths"] else path
        return next((t for t, form in self._forms if form.fullmatch(path)), path)

    @property
    def _forms(self) -> list[tuple[str, re.Pattern[str]]]:
        return _forms(tuple(self.document["paths"]))

    def _hold(self, name: str, schema: Mapping[str, Any], body: bytes) -> None:
        if name not in self._validators:
            components = {"components": self.document["components"]}
            closed = _closed(deepcopy({**schema, **components}))
            self._validators[name] = jsonschema_rs.Draft202012Validator(closed)
        value = json.loads(body)
        faults = [
            f"{'/'.join(map(str, fault.instance_path))}: {fault.message[:300]}"
            for fault in self._validators[name].iter_errors(value)
        ]
        assert not faults, f"{name}: {faults}"


@cache
def _forms(templates: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """Written-out addresses before those with a variable."""
    ordered = sorted(templates, key=lambda one: (one.count("{"), one))
    return [(one, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one)))) for one in ordered]


def _closed(schema: Any) -> Any:
    if isinstance(schema, dict):
        for value in schema.values():
            _closed(value)
        if "properties" in schema and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
    elif isinstance(schema, list):
        for value in schema:
            _closed(value)
    return schema


def _ours(target: str) -> bool:
    return f"{_split(target)[0]}/".startswith((*wire.OURS, "//api/"))


def _split(target: str) -> tuple[str, str]:
    parts = urlsplit(target if not target.startswith("//") else target[1:])
    slashes = "/" if target.startswith("//") else ""
    return slashes + unquote(parts.path), parts.query


@cache
def promises() -> Promises:
    return Promises(document())


def check(method: str, target: str, status: int, content_type: str | None, body: bytes) -> None:
    kind = (content_type or "").partition(";")[0].strip()
    promises().check(method, target, status, kind, body)


def actions() -> list[tuple[str, str]]:
    return [(name, method) for name, action in ACTIONS.items() for method in action.methods]
