"""/admin/users: who has an account, what they may do, and where they are signed in."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from chat_bridge.errors import BridgeError, FormIncomplete
from chat_bridge.model import ROLES, Person
from chat_bridge.ports import Wanted
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.posting import Done, Typed, once, once_shown
from control.people import requires, signed_in

HOME = "/admin/users"
FILTERS = ("q", "role", "active")
ACTIVE = {"yes": True, "no": False}
SURE = "yes"


def routes(page: Blueprint, shell: Shell) -> None:
    _lists(page, shell)
    _changes(page, shell)
    _doors(page, shell)


def _lists(page: Blueprint, shell: Shell) -> None:
    accounts = shell.bridge.accounts

    @page.get(HOME)
    @requires("admin")
    def users() -> Response:
        query = Query(HOME, request.args, FILTERS)
        place = query.place()
        active = query.choice("active", tuple(ACTIVE))
        wanted = Wanted(
            search=query.text("q"),
            role=query.choice("role", ROLES),
            active=ACTIVE[active] if active else None,
            after=int(place[0]) if place else 0,
            limit=PAGE + 1,
        )
        found = listing(query, accounts.list(wanted), lambda row: (row.id,))
        return shell.show("users.html", "users", list=found, roles=[(r, r) for r in ROLES])

    @page.get(f"{HOME}/new")
    @requires("admin")
    def new_user() -> Response:
        return _new(shell, Typed({"role": "operator"}))

    @page.post(HOME)
    @requires("admin")
    def add_user() -> Response:
        try:
            return _added(shell)
        except BridgeError as error:
            return _new(shell, Typed.refused(error, user_exists="username"), error.status)

    @page.get(f"{HOME}/<int:user_id>")
    @requires("admin")
    def user(user_id: int) -> Response:
        return _one(shell, accounts.find(user_id), Typed())


def _changes(page: Blueprint, shell: Shell) -> None:
    accounts = shell.bridge.accounts

    @page.post(f"{HOME}/<int:user_id>")
    @requires("admin")
    def change_user(user_id: int) -> Response:
        changes = {
            "username": request.form.get("username", "").strip(),
            "email": request.form.get("email", "").strip() or None,
            "role": request.form.get("role", ""),
        }
        return _saved(shell, user_id, changes)

    @page.post(f"{HOME}/<int:user_id>/activate")
    @requires("admin")
    def activate_user(user_id: int) -> Response:
        return _saved(shell, user_id, {"is_active": True})

    @page.post(f"{HOME}/<int:user_id>/deactivate")
    @requires("admin")
    def deactivate_user(user_id: int) -> Response:
        return _saved(shell, user_id, {"is_active": False})

    @page.post(f"{HOME}/<int:user_id>/password")
    @requires("admin")
    def reset_password(user_id: int) -> Response:
        actor, person = signed_in().person, accounts.find(user_id)
        if person.id == actor.id:
            raise FormIncomplete(reason="Change your own password at /account.")

        def act() -> tuple[Done, str]:
            secret = accounts.reset_password(user_id, actor.actor)
            told = "The password was reset already; it was shown once."
            return Done(f"{HOME}/{user_id}", told), secret

        return once_shown(shell, act, lambda secret: _shown(shell, person, secret))


def _doors(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.post(f"{HOME}/<int:user_id>/unlock")
    @requires("admin")
    def unlock_user(user_id: int) -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            person = bridge.accounts.unlock(user_id, actor)
            return Done(f"{HOME}/{user_id}", f"{person.username} may try to sign in at once.")

        return once(shell, act, apart=True)

    @page.post(f"{HOME}/<int:user_id>/sessions/<login_id>/revoke")
    @requires("admin")
    def revoke_login(user_id: int, login_id: str) -> Response:
        actor, person = signed_in().person.actor, bridge.accounts.find(user_id)

        def act() -> Done:
            bridge.logins.revoke(person, login_id, actor)
            return Done(f"{HOME}/{user_id}", "That browser is signed out.")

        return once(shell, act, apart=True)

    @page.post(f"{HOME}/<int:user_id>/sign-out")
    @requires("admin")
    def sign_out_user(user_id: int) -> Response:
        actor, person = signed_in().person.actor, bridge.accounts.find(user_id)

        def act() -> Done:
            ended = bridge.logins.end_all(person, actor)
            return Done(f"{HOME}/{user_id}", f"{person.username} was signed out {ended} times.")

        return once(shell, act, apart=True)


def _added(shell: Shell) -> Response:
    username = request.form.get("username", "").strip()
    email = request.form.get("email", "").strip() or None
    role, actor = request.form.get("role", ""), signed_in().person.actor

    def act() -> tuple[Done, str]:
        person, secret = shell.bridge.accounts.add(username, role, actor, email=email)
        told = "This person was added already; the password was shown once."
        return Done(f"{HOME}/{person.id}", told), secret

    def show(secret: str) -> Response:
        return _shown(shell, shell.bridge.accounts.named(username), secret)

    return once_shown(shell, act, show)


def _saved(shell: Shell, user_id: int, changes: dict[str, Any]) -> Response:
    """Whoever would lose the console by it says so first."""
    accounts, me = shell.bridge.accounts, signed_in().person
    person, seen = accounts.find(user_id), request.form.get("seen", "")
    loses = changes.get("role", "admin") != "admin" or changes.get("is_active") is False
    if person.id == me.id and loses and request.form.get("sure") != SURE:
        return _one(shell, person, _as_written(changes), 409, warned=True)

    def act() -> Done:
        after = accounts.change(user_id, changes, me.actor, seen=seen)
        return Done(f"{HOME}/{user_id}", f"{after.username} is saved.")

    try:
        return once(shell, act, apart=True)
    except BridgeError as error:
        typed = Typed.refused(error, user_exists="username", last_admin="role")
        return _one(shell, accounts.find(user_id), typed, error.status)


def _as_written(changes: Mapping[str, object]) -> Typed:
    written = {name: str(value or "") for name, value in changes.items() if name != "is_active"}
    return Typed(written, {"sure": "You would lose the console by this."})


def _new(shell: Shell, typed: Typed, status: int = 200) -> Response:
    return shell.show("user_new.html", "users", status=status, typed=typed, roles=ROLES)


def _one(
    shell: Shell, person: Person, typed: Typed, status: int = 200, *, warned: bool = False
) -> Response:
    stored = {"username": person.username, "email": person.email or "", "role": person.role}
    me = signed_in()
    return shell.show(
        "user.html", "users", status=status, one=person, typed=typed, roles=ROLES, warned=warned,
        values={**stored, **typed.values}, logins=shell.bridge.logins.of_person(person),
        own=person.id == me.person.id, here=me.login.id, sure=SURE,
        closing=warned and "role" not in typed.values, stale=status == 409 and not warned,
    )  # fmt: skip


def _shown(shell: Shell, person: Person, secret: str) -> Response:
    return shell.show("password_shown.html", "users", one=person, secret=secret)
