"""/admin/agents: who answers, who may choose them, and whether they keep up."""

import re
from collections.abc import Sequence

from flask import Blueprint, Response, request

from chat_bridge.domain.agents import DEFAULT
from chat_bridge.domain.roster import LONGEST_ABOUT, LONGEST_NAME, fingerprint
from chat_bridge.errors import BridgeError, InvalidField
from chat_bridge.model import ROLES, Agent
from chat_bridge.ports import AgentChange
from control.console.frame import Shell
from control.console.posting import Done, Typed, once
from control.people import requires, signed_in

HOME = "/admin/agents"
STATUSES = ("active", "inactive")
SEPARATORS = re.compile(r"[,;\s]+")
MOST_NAMES = 500


def routes(page: Blueprint, shell: Shell) -> None:
    _lists(page, shell)
    _acts(page, shell)


def _lists(page: Blueprint, shell: Shell) -> None:
    roster = shell.bridge.administration.roster

    @page.get(HOME)
    @requires("admin")
    def agents() -> Response:
        known = shell.bridge.agents.now()
        return shell.show(
            "agents.html", "agents", agents=known, work=roster.work(),
            answering={one.id: shell.bridge.agents.answering(one) for one in known},
            keys=_keys(shell), stays=_stays,
        )  # fmt: skip

    @page.get(f"{HOME}/new")
    @requires("admin")
    def new_agent() -> Response:
        return _form(shell, None, Typed({"status": "active"}))

    @page.get(f"{HOME}/<slug>")
    @requires("admin")
    def agent(slug: str) -> Response:
        return _form(shell, _stored(shell, slug), Typed())


def _acts(page: Blueprint, shell: Shell) -> None:
    roster = shell.bridge.administration.roster

    @page.post(HOME)
    @requires("admin")
    def add_agent() -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            made = roster.add(request.form.get("slug", "").strip(), _change(shell), actor)
            return Done(f"{HOME}/{made.slug}", f"{made.name} may answer: make it a key.")

        try:
            return once(shell, act)
        except BridgeError as error:
            return _form(shell, None, Typed.refused(error, agent_exists="slug"), error.status)

    @page.post(f"{HOME}/<slug>")
    @requires("admin")
    def change_agent(slug: str) -> Response:
        actor, old = signed_in().person.actor, _stored(shell, slug)

        def act() -> Done:
            seen = request.form.get("seen", "")
            roster.change(old.id, lambda now: _change(shell, now), actor, seen=seen)
            return Done(f"{HOME}/{old.slug}", "Saved.")

        try:
            return once(shell, act)
        except BridgeError as error:
            return _form(shell, _stored(shell, slug), Typed.refused(error), error.status)

    @page.post(f"{HOME}/<slug>/remove")
    @requires("admin")
    def remove_agent(slug: str) -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            roster.remove(shell.bridge.agents.resolve(slug).id, actor)
            return Done(HOME, f"{slug} is removed, and its keys end.")

        return once(shell, act)


def _stored(shell: Shell, slug: str) -> Agent:
    shell.bridge.agents.read_again()
    return shell.bridge.agents.resolve(slug)


def _form(shell: Shell, agent: Agent | None, typed: Typed, status: int = 200) -> Response:
    """What is stored, or what somebody wrote and was refused."""
    values = dict(typed.values) if agent is None or typed.errors else _values(agent)
    roles = set(request.form.getlist("role")) if typed.errors else set(_roles(agent))
    statuses = (*STATUSES, *({agent.status} - set(STATUSES) if agent else ()))
    return shell.show(
        "agent.html", "agents", status=status, agent=agent, values=values, typed=typed,
        roles=[(role, role in roles) for role in ROLES], statuses=[(one, one) for one in statuses],
        stays=agent is not None and _stays(agent), seen=fingerprint(agent) if agent else "",
        stale=status == 409 and agent is not None, limits=(LONGEST_NAME, LONGEST_ABOUT),
    )  # fmt: skip


def _values(agent: Agent) -> dict[str, str]:
    return {
        "name": agent.name,
        "description": agent.description,
        "status": agent.status,
        "users": ", ".join(agent.visible_to_users),
    }


def _roles(agent: Agent | None) -> Sequence[str]:
    return agent.visible_to_roles if agent else ()


def _stays(agent: Agent) -> bool:
    return agent.built_in or agent.slug == DEFAULT


def _keys(shell: Shell) -> dict[int, int]:
    """How many live keys each agent has of its own."""
    found: dict[int, int] = {}
    for key in shell.bridge.store.keys.all():
        if key.agent_id is not None and shell.bridge.keys.live(key):
            found[key.agent_id] = found.get(key.agent_id, 0) + 1
    return found


def _change(shell: Shell, old: Agent | None = None) -> AgentChange:
    form = request.form
    status = form.get("status", "active")
    if status not in STATUSES and (old is None or status != old.status):
        raise InvalidField(field="status", reason="active or inactive")
    roles = form.getlist("role")
    if not set(roles) <= set(ROLES):
        raise InvalidField(field="role", reason="not a role")
    kept = [role for role in _roles(old) if role not in ROLES]  # another program's
    return AgentChange(
        name=form.get("name", "").strip(),
        description=form.get("description", "").replace("\r\n", "\n").strip(),
        status=status,
        visible_to_users=_people(shell, form.get("users", ""), old),
        visible_to_roles=(*[role for role in ROLES if role in roles], *kept),
    )


def _people(shell: Shell, text: str, old: Agent | None) -> tuple[str, ...]:
    """Names or numbers of people there are; what was in the list already may stay."""
    names = tuple(dict.fromkeys(name for name in SEPARATORS.split(text.strip()) if name))
    if len(names) > MOST_NAMES:
        raise InvalidField(field="users", reason=f"at most {MOST_NAMES} names")
    known = set(old.visible_to_users) if old else set()
    for name in names:
        if name not in known and not _exists(shell, name):
            raise InvalidField(field="users", reason=f"there is nobody called “{name[:50]}”")
    return names


def _exists(shell: Shell, name: str) -> bool:
    people = shell.bridge.store.people
    found = people.by_name(name)
    if found is not None and found[0].username == name:
        return True
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 19 else 0
    return people.find(number) is not None
