"""/api/users, /api/agents and /api/system-config: what the founding control program's pages call,
for people who are signed in. Answers have no envelope; whatever changes something carries the form
token, which every answer to a GET tells in `X-CSRF-Token`."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from chat_bridge.api import guards, parse
from chat_bridge.api.actions.config import LONGEST_NAME, LONGEST_VALUE
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import FREE
from chat_bridge.domain import times
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.items import Item
from chat_bridge.errors import (
    FormExpired,
    InvalidField,
    MissingFields,
    NotAllowed,
    PasswordChangeNeeded,
    SignInExpired,
    Unauthenticated,
    UnsupportedMediaType,
)
from chat_bridge.model import INACTIVE, Agent, Person
from chat_bridge.model.access import Access, open_to
from chat_bridge.ports import AgentChange, Wanted

HEADER = "X-CSRF-Token"
PLAIN = ("application/json",)
ADMINS, ANYBODY = Access("role", "admin"), Access("role", "user")
MOST = 1_000
OWN_PASSWORD = "Change your own password at /account."


def routes(api: Blueprint, bridge: Bridge) -> None:
    _users(api, bridge)
    _agents(api, bridge)
    _config(api, bridge)


def _users(api: Blueprint, bridge: Bridge) -> None:
    @api.get("/api/users")
    @open_to(ADMINS)
    @shape("people, plain JSON", files=PLAIN)
    def list_users() -> Response:
        caller(bridge, "admin")
        query = parse.query(request)
        active = {"true": True, "false": False, "all": None}.get(query.get("active", "true"), True)
        after = parse.whole(query, "after", 0, low=0, high=2**53)
        wanted = Wanted(query.get("search") or None, query.get("role") or None, active, after, MOST)
        return told(bridge, [_user(person) for person in bridge.accounts.list(wanted)])

    @api.post("/api/users")
    @open_to(ADMINS)
    @shape("a new person", files=PLAIN, body=FREE)
    def add_user() -> Response:
        actor = caller(bridge, "admin").actor
        body = _body(bridge)
        username, email, role = (parse.text(body, name) for name in ("username", "email", "role"))
        password = parse.optional_text(body, "password", 1_000)
        permissions = _texts(body.get("permissions"), "permissions")
        with bridge.store.write():
            person, secret = bridge.accounts.add(
                username, role, actor, email=email, password=password
            )
            if permissions:
                bridge.accounts.change(person.id, {"permissions": permissions}, actor)
        shown = {**_brief(person), "message": "User created successfully"}
        if password is None:
            shown |= {"password": secret, "must_change_password": True}
        answer = told(bridge, shown)
        answer.status_code = 201
        return answer

    @api.put("/api/users/<int:user_id>")
    @open_to(ADMINS)
    @shape("saves a person", files=PLAIN, body=FREE)
    def change_user(user_id: int) -> Response:
        me = caller(bridge, "admin")
        body = _body(bridge)
        changes = _changes(body)
        password = parse.optional_text(body, "password", 1_000)
        if password is not None and user_id == me.id:
            raise NotAllowed(OWN_PASSWORD)
        with bridge.store.write():
            person = bridge.accounts.change(user_id, changes, me.actor)
            if password is not None:
                bridge.accounts.reset_password(user_id, me.actor, password=password)
        bridge.logins.tell(person)
        shown = {**_brief(person), "is_active": person.is_active}
        return told(bridge, {**shown, "message": "User updated successfully"})

    @api.delete("/api/users/<int:user_id>")
    @open_to(ADMINS)
    @shape("closes an account", files=PLAIN)
    def remove_user(user_id: int) -> Response:
        bridge.accounts.deactivate(user_id, caller(bridge, "admin").actor)
        return told(bridge, {"message": "User deleted successfully"})

    @api.post("/api/cleanup-sessions")
    @open_to(ADMINS)
    @shape("forgets sign-ins that are over", files=PLAIN)
    def cleanup_logins() -> Response:
        ended = bridge.tidying.forget_sign_ins(caller(bridge, "admin").actor)
        return told(bridge, {"message": f"Cleaned up {ended} expired sessions", "cleaned": ended})


def _agents(api: Blueprint, bridge: Bridge) -> None:
    @api.get("/api/agents")
    @open_to(ANYBODY)
    @shape("agents that the caller may see", files=PLAIN)
    def choose_agent() -> Response:
        me = caller(bridge, "user")
        if me.may("admin") and parse.query(request).get("all") == "1":
            return told(bridge, [_whole_agent(agent) for agent in bridge.agents.now()])
        return told(bridge, [_agent(agent) for agent in bridge.agents.visible_to(me)])

    @api.put("/api/agents/<int:agent_id>")
    @open_to(ADMINS)
    @shape("saves an agent", files=PLAIN, body=FREE)
    def change_agent(agent_id: int) -> Response:
        actor = caller(bridge, "admin").actor
        body, roster = _body(bridge), bridge.administration.roster
        new = roster.change(agent_id, lambda old: _agent_change(body, old), actor)
        return told(bridge, {**_whole_agent(new), "message": "Agent updated successfully"})


def _config(api: Blueprint, bridge: Bridge) -> None:
    @api.get("/api/system-config")
    @open_to(ADMINS)
    @shape("the settings table, secrets masked", files=PLAIN)
    def show_config() -> Response:
        caller(bridge, "admin")
        return told(bridge, bridge.settings.shown())

    @api.put("/api/system-config")
    @open_to(ADMINS)
    @shape("saves settings, any key as text", files=PLAIN, body=FREE)
    def save_config() -> Response:
        actor = caller(bridge, "admin").actor
        values = {name: _setting(name, value) for name, value in _body(bridge).items()}
        bridge.administration.configuration.put(values, actor)
        return told(bridge, {"message": "System configuration updated successfully"})


def caller(bridge: Bridge, role: str) -> Person:
    """Whoever is signed in, if they may do what the role may. A program that changes something
    shows the form token like every page of ours."""
    if not request.cookies.get(bridge.door.login_cookie):
        raise Unauthenticated
    changing = request.method not in guards.SAFE
    if changing and guards.from_elsewhere(bridge, request):
        raise FormExpired
    found = guards.signed_in(bridge, request)
    if found is None:
        raise SignInExpired
    if found.person.must_change_password:
        raise PasswordChangeNeeded
    if not found.person.may(role):
        raise NotAllowed
    given = request.headers.get(HEADER, "")
    if changing and not hmac.compare_digest(given.encode(), found.csrf.encode()):
        raise FormExpired
    return found.person


def told(bridge: Bridge, value: object) -> Response:
    answer = jsonify(value)
    found = guards.signed_in(bridge, request)
    if found is not None:
        answer.headers[HEADER] = found.csrf
    return answer


def _body(bridge: Bridge) -> dict[str, Any]:
    if not request.is_json:
        raise UnsupportedMediaType
    body = parse.json_body(request, bridge.door.max_body_bytes)
    if not body:
        raise MissingFields
    return body


def _changes(body: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        name: parse.text(body, name) for name in ("username", "role") if name in body
    }
    if "email" in body:
        changes["email"] = parse.optional_text(body, "email")
    if "is_active" in body:
        changes["is_active"] = _flag(body, "is_active")
    if "permissions" in body:
        changes["permissions"] = _texts(body["permissions"], "permissions")
    return changes


def _agent_change(body: Mapping[str, Any], old: Agent) -> AgentChange:
    status = parse.optional_text(body, "status", 50) or old.status
    if "is_active" in body and _flag(body, "is_active") != (status != INACTIVE):
        status = "active" if body["is_active"] else INACTIVE
    lists = {
        name: _texts(body[name], name) if name in body else getattr(old, name)
        for name in ("visible_to_users", "visible_to_roles")
    }
    about = parse.optional_text(body, "description", 1_000) or ""
    return AgentChange(
        name=parse.text(body, "name")[:100] if "name" in body else old.name,
        description=about if "description" in body else old.description,
        status=status, **lists,
    )  # fmt: skip


def _flag(body: Mapping[str, Any], field: str) -> bool:
    if not isinstance(body[field], bool):
        raise InvalidField(field=field, reason="expected true or false")
    return bool(body[field])


def _texts(value: object, field: str) -> tuple[str, ...]:
    """A list, or a list as JSON text, as older pages send it; nothing is an empty one."""
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except ValueError as error:
            raise InvalidField(field=field, reason="expected a list") from error
    if value in (None, ""):
        return ()
    if not isinstance(value, list) or len(value) > MOST:
        raise InvalidField(field=field, reason="expected a list")
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in value):
        raise InvalidField(field=field, reason="expected a list of texts or numbers")
    return tuple(str(one) for one in value)


def _setting(name: str, value: object) -> str:
    """Anything is kept as text, as the founding program did: `True` becomes "True"."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidField(field=name[:LONGEST_NAME], reason="not the name of a setting")
    text = value if isinstance(value, str) else str(value)
    if len(text) > LONGEST_VALUE:
        raise InvalidField(field=name, reason=f"longer than {LONGEST_VALUE} characters")
    return text


def _brief(person: Person) -> Item:
    return {
        "id": person.id, "username": person.username, "email": person.email, "role": person.role,
    }  # fmt: skip


def _user(person: Person) -> Item:
    return {
        **_brief(person),
        "is_active": person.is_active,
        "last_login": times.canonical(person.last_login) if person.last_login else None,
        "created_at": times.canonical(person.created_at),
        "permissions": list(person.permissions),
    }


def _agent(agent: Agent) -> Item:
    return {
        "id": agent.id, "name": agent.name, "description": agent.description,
        "status": agent.status, "letta_uid": agent.letta_uid or agent.slug, "slug": agent.slug,
    }  # fmt: skip


def _whole_agent(agent: Agent) -> Item:
    return {
        **_agent(agent),
        "is_active": agent.active,
        "visible_to_users": list(agent.visible_to_users),
        "visible_to_roles": list(agent.visible_to_roles),
    }
