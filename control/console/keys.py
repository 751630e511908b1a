"""/admin/keys: what opens the bridge to programs. A secret is on the answer to its making alone."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, request

from chat_bridge.domain import times
from chat_bridge.domain.keys import AGENT_SCOPES, CONFIGURED, PREFIX_LENGTH, SCOPES
from chat_bridge.errors import BridgeError, InvalidField, KeyNotFound
from chat_bridge.model import Key
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.posting import Done, Typed, once, once_shown
from control.people import requires, signed_in

HOME = "/admin/keys"
FILTERS = ("state", "agent")
STATES = ("live", "expired", "revoked")
ABOUT = {
    "inbox": "fetch messages of visitors and acknowledge them",
    "outbox": "answer",
    "files": "read and send files of conversations",
    "events": "follow what happens",
    "sessions": "read conversations",
    "admin": "everything",
    "webhooks": "arrange webhooks",
    "export": "take conversations away",
    "metrics": "read the figures",
}
MOST_HOURS = 8_760
USUAL_HOURS = 24
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DAY_MS, HOUR_SECONDS = 86_400_000, 3_600


@dataclass(frozen=True)
class KeyView:
    """`agent` is empty where a key is for every agent; `given` ones come from the settings."""

    key: Key
    state: str
    agent: str
    given: bool


def routes(page: Blueprint, shell: Shell) -> None:
    keyring = shell.bridge.keyring

    @page.get(HOME)
    @requires("admin")
    def keys() -> Response:
        query = Query(HOME, request.args, FILTERS)
        place = query.place()
        state, agent = query.choice("state", STATES), query.text("agent")
        found = [
            row
            for row in (_view(shell, key) for key in reversed(keyring.list()))
            if (state is None or row.state == state)
            and (agent is None or row.agent == agent)
            and (place is None or row.key.id < int(place[0]))
        ]
        shown = listing(query, found[: PAGE + 1], lambda row: (row.key.id,))
        agents = [(one.slug, one.name) for one in shell.bridge.agents.all()]
        return shell.show("keys.html", "keys", list=shown, states=STATES, agents=agents)

    @page.get(f"{HOME}/new")
    @requires("admin")
    def new_key() -> Response:
        return _form(shell, Typed({"agent": request.args.get("agent", "")}))

    @page.post(HOME)
    @requires("admin")
    def add_key() -> Response:
        try:
            return _made(shell)
        except BridgeError as error:
            return _form(shell, Typed.refused(error), error.status)

    @page.get(f"{HOME}/<prefix>")
    @requires("admin")
    def key(prefix: str) -> Response:
        return _one(shell, prefix, Typed())

    @page.post(f"{HOME}/<prefix>/rotate")
    @requires("admin")
    def rotate_key(prefix: str) -> Response:
        try:
            return _rotated(shell, prefix)
        except BridgeError as error:
            return _one(shell, prefix, Typed.refused(error), error.status)

    @page.post(f"{HOME}/<prefix>/revoke")
    @requires("admin")
    def revoke_key(prefix: str) -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            keyring.revoke(actor, prefix)
            return Done(HOME, f"{prefix} is revoked: it opens nothing any more.")

        return once(shell, act)


def _made(shell: Shell) -> Response:
    keyring, actor = shell.bridge.keyring, signed_in().person.actor
    name, slug = request.form.get("name", "").strip(), request.form.get("agent", "")
    scopes = frozenset(request.form.getlist("scope"))
    if not scopes or not scopes <= set(SCOPES):
        raise InvalidField(field="scope", reason="choose at least one of the list")
    ends = _end(shell, request.form.get("expires", "").strip())

    def act() -> tuple[Done, str]:
        secret = keyring.issue(actor, name, scopes, agent=slug or None, expires=ends)
        told = "This key was made already; its secret was shown once."
        return Done(f"{HOME}/{secret[:PREFIX_LENGTH]}", told), secret

    return once_shown(shell, act, lambda secret: _secret(shell, secret, slug))


def _rotated(shell: Shell, prefix: str) -> Response:
    keyring, actor = shell.bridge.keyring, signed_in().person.actor
    seconds = _hours(request.form.get("hours", "").strip()) * HOUR_SECONDS
    slug = keyring.agent(_find(shell, prefix)) or ""

    def act() -> tuple[Done, str]:
        secret = keyring.rotate(actor, prefix, seconds)
        told = "The key was rotated already; the new one was shown once."
        return Done(f"{HOME}/{secret[:PREFIX_LENGTH]}", told), secret

    def show(secret: str) -> Response:
        return _secret(shell, secret, slug, replaces=_find(shell, prefix))

    return once_shown(shell, act, show)


def _secret(shell: Shell, secret: str, slug: str, *, replaces: Key | None = None) -> Response:
    """The only page that ever has it; what is stored is its prefix and a hash."""
    url = shell.bridge.door.public_url or request.host_url.rstrip("/")
    made = _find(shell, secret[:PREFIX_LENGTH])
    return shell.show(
        "key_shown.html", "keys", secret=secret, key=made, url=url, slug=slug, replaces=replaces
    )


def _form(shell: Shell, typed: Typed, status: int = 200) -> Response:
    chosen = request.form.getlist("scope") if typed.errors else sorted(AGENT_SCOPES)
    agents = [(one.slug, one.name) for one in shell.bridge.agents.all() if not one.built_in]
    return shell.show(
        "key_new.html", "keys", status=status, typed=typed, agents=agents,
        scopes=[(scope, ABOUT[scope], scope in chosen) for scope in SCOPES],
        today=shell.bridge.clock.now()[:10],
    )  # fmt: skip


def _one(shell: Shell, prefix: str, typed: Typed, status: int = 200) -> Response:
    row = _view(shell, _find(shell, prefix))
    return shell.show(
        "key.html", "keys", status=status, row=row, typed=typed, about=ABOUT, hours=USUAL_HOURS
    )


def _view(shell: Shell, key: Key) -> KeyView:
    keyring = shell.bridge.keyring
    given = key.prefix.startswith(CONFIGURED)
    return KeyView(key, keyring.state(key), keyring.agent(key) or "", given)


def _find(shell: Shell, prefix: str) -> Key:
    key = shell.bridge.keyring.find(prefix)
    if key is None:
        raise KeyNotFound(prefix=prefix)
    return key


def _hours(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 6 and int(given) <= MOST_HOURS):
        raise InvalidField(field="hours", reason=f"a whole number from 0 to {MOST_HOURS:,}")
    return int(given)


def _end(shell: Shell, given: str) -> str | None:
    """A key works through its last day, by UTC."""
    if not given:
        return None
    moment = times.milliseconds(given) if DAY.fullmatch(given) else None
    if moment is None or not shell.bridge.clock.now_ms() < moment + DAY_MS < times.END:
        raise InvalidField(field="expires", reason="expected a day to come, as 2027-01-31")
    return shell.bridge.clock.text(moment + DAY_MS)
