"""Tags of a conversation in the inbox: forms beside it."""

from flask import Blueprint, Response, request

from control.console.frame import Shell
from control.console.posting import Done, once
from control.people import requires, signed_in

PATH = "/admin/inbox/<session_id>"


def routes(page: Blueprint, shell: Shell) -> None:
    tags = shell.bridge.office.tags

    @page.post(f"{PATH}/tag")
    @requires("operator")
    def tag(session_id: str) -> Response:
        def act() -> Done:
            added = tags.add(session_id, signed_in().person, request.form.get("tag", ""))
            return Done(_back(session_id), f"Tagged {added}.")

        return once(shell, act)

    @page.post(f"{PATH}/untag")
    @requires("operator")
    def untag(session_id: str) -> Response:
        def act() -> Done:
            gone = request.form.get("tag", "")
            tags.remove(session_id, signed_in().person, gone)
            return Done(_back(session_id), f"Not tagged {gone} any more.")

        return once(shell, act)


def _back(session_id: str) -> str:
    return f"/admin/inbox/{session_id}"
