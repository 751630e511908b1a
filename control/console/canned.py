"""/admin/canned-replies: words that operators keep ready, and type as /shortcut in the inbox."""

from flask import Blueprint, Response, request

from chat_bridge.domain.canned import LONGEST, MOST, fingerprint
from chat_bridge.errors import BridgeError, CannedReplyNotFound
from chat_bridge.model import CannedReply
from chat_bridge.ports import CannedFilter
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.posting import Done, Typed, once
from control.people import requires, signed_in

HOME = "/admin/canned-replies"
FILTERS = ("q", "state")
STATES = ("offered", "removed")


def routes(page: Blueprint, shell: Shell) -> None:
    canned = shell.bridge.office.canned

    @page.get(HOME)
    @requires("operator")
    def canned_replies() -> Response:
        query = Query(HOME, request.args, FILTERS)
        place = query.text("after")
        wanted = CannedFilter(
            after=place or "",
            words=query.like("q"),
            removed=query.choice("state", STATES) == "removed",
            limit=PAGE + 1,
        )
        shown = listing(query, canned.page(wanted), lambda row: (row.shortcut,))
        return shell.show("canned.html", "canned", list=shown, removed=wanted.removed)

    @page.get(f"{HOME}/new")
    @requires("operator")
    def new_canned_reply() -> Response:
        return _form(shell, None, Typed())

    @page.get(f"{HOME}/<int:number>")
    @requires("operator")
    def canned_reply(number: int) -> Response:
        return _form(shell, canned.find(_small(number)), Typed())

    _acts(page, shell)


def _acts(page: Blueprint, shell: Shell) -> None:
    canned = shell.bridge.office.canned

    @page.post(HOME)
    @requires("operator")
    def add_canned_reply() -> Response:
        person = signed_in().person

        def act() -> Done:
            shortcut = request.form.get("shortcut", "").strip().removeprefix("/")
            made = canned.add(shortcut, _body(), person.actor, by=person.username)
            return Done(HOME, f"Type /{made.shortcut} in the inbox to use it.")

        try:
            return once(shell, act)
        except BridgeError as error:
            typed = Typed.refused(error, canned_reply_exists="shortcut")
            return _form(shell, None, typed, error.status)

    @page.post(f"{HOME}/<int:number>")
    @requires("operator")
    def change_canned_reply(number: int) -> Response:
        person, old = signed_in().person, canned.find(_small(number))

        def act() -> Done:
            seen = request.form.get("seen", "")
            canned.change(old.id, _body(), person.actor, by=person.username, seen=seen)
            return Done(HOME, "Saved.")

        try:
            return once(shell, act)
        except BridgeError as error:
            return _form(shell, canned.find(old.id), Typed.refused(error), error.status)

    @page.post(f"{HOME}/<int:number>/remove")
    @requires("operator")
    def remove_canned_reply(number: int) -> Response:
        told = "is removed; it can be brought back"
        return once(shell, lambda: _lay(shell, number, removed=True, told=told))

    @page.post(f"{HOME}/<int:number>/restore")
    @requires("operator")
    def restore_canned_reply(number: int) -> Response:
        return once(shell, lambda: _lay(shell, number, removed=False, told="is offered again"))


def _lay(shell: Shell, number: int, *, removed: bool, told: str) -> Done:
    person = signed_in().person
    canned = shell.bridge.office.canned
    old = canned.lay_aside(_small(number), person.actor, by=person.username, removed=removed)
    return Done(f"{HOME}?state=removed" if removed else HOME, f"/{old.shortcut} {told}.")


def _form(shell: Shell, reply: CannedReply | None, typed: Typed, status: int = 200) -> Response:
    values = dict(typed.values) if typed.errors or reply is None else {"body": reply.body}
    return shell.show(
        "canned_form.html", "canned", status=status, reply=reply, typed=typed, values=values,
        longest=LONGEST, most=MOST, stale=status == 409 and reply is not None,
        seen=fingerprint(reply) if reply else "",
    )  # fmt: skip


def _body() -> str:
    return request.form.get("body", "").replace("\r\n", "\n").strip()


def _small(number: int) -> int:
    if number >= 1 << 63:
        raise CannedReplyNotFound
    return number
