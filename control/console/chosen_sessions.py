"""/admin/sessions/chosen: several sessions closed or deleted at once, after a look at which."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from chat_bridge.errors import InvalidField, SessionNotFound
from chat_bridge.model import Session
from control.console.frame import Shell
from control.console.listing import LONGEST, PAGE
from control.console.people_shown import called
from control.console.posting import Done, once
from control.console.sessions import closed, deleted
from control.people import requires

HOME = "/admin/sessions"
ACTS = CLOSE, DELETE = "close", "delete"


def routes(page: Blueprint, shell: Shell) -> None:
    @page.get(f"{HOME}/chosen")
    @requires("operator")
    def chosen_sessions() -> Response:
        act, sessions = _act(request.args.get("act", "")), _found(shell, request.args.getlist("id"))
        if not sessions:
            return shell.done(HOME, "Choose at least one session of the list.", "bad")
        overviews = [shell.bridge.store.sessions.overview(one.session_id) for one in sessions]
        said = sum(row.message_count + row.response_count for row in overviews if row)
        return shell.show(
            "chosen_sessions.html", "sessions", act=act, sessions=sessions, said=said,
            called=lambda row: called(None, row.title, row.uid),
        )  # fmt: skip

    @page.post(f"{HOME}/chosen")
    @requires("operator")
    def act_on_chosen() -> Response:
        act, names = _act(request.form.get("act", "")), request.form.getlist("id")
        if act == CLOSE:
            return once(shell, lambda: _closed(shell, _some(shell, names)))
        return once(shell, lambda: _deleted(shell, _some(shell, names)), apart=True)


def _act(given: str) -> str:
    if given not in ACTS:
        raise InvalidField(field="act", reason="expected one of " + ", ".join(ACTS))
    return given


def _found(shell: Shell, names: Sequence[str]) -> list[Session]:
    """Those that are there, each once; a page of the list holds no more."""
    if len(names) > PAGE or any(len(name) > LONGEST for name in names):
        raise InvalidField(field="id", reason=f"at most {PAGE} sessions")
    found = (shell.bridge.store.sessions.find(name) for name in dict.fromkeys(names))
    return [one for one in found if one is not None]


def _some(shell: Shell, names: Sequence[str]) -> list[Session]:
    """Somebody else may have deleted one of them meanwhile."""
    found = _found(shell, names)
    if not found:
        raise SessionNotFound
    return found


def _closed(shell: Shell, sessions: Sequence[Session]) -> Done:
    open_ones = [one for one in sessions if one.status != "ended"]
    for one in open_ones:
        closed(shell, one)
    return Done(HOME, f"{_counted(open_ones)} closed.")


def _deleted(shell: Shell, sessions: Sequence[Session]) -> Done:
    for one in sessions:
        deleted(shell, one)
    return Done(HOME, f"{_counted(sessions)} deleted, with messages, answers, notes and files.")


def _counted(sessions: Sequence[Session]) -> str:
    return "1 session is" if len(sessions) == 1 else f"{len(sessions)} sessions are"
