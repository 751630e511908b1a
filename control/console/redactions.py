"""/admin/sessions/…/redact: the text of one message, answer or note, removed for good."""

from typing import cast

from flask import Blueprint, Response

from chat_bridge.domain.redaction import NOTICE, Kind
from chat_bridge.model import Message, Note
from control.console.frame import Shell
from control.console.posting import Done, once
from control.people import requires, signed_in

HERE = "/admin/sessions/<session_id>/<any(message, response, note):kind>/<int:number>/redact"
CALLED = {"message": "message", "response": "answer", "note": "private note"}
LONGEST_SHOWN = 2_000


def routes(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.get(HERE)
    @requires("operator")
    def to_redact(session_id: str, kind: str, number: int) -> Response:
        session = bridge.sessions.find(session_id)
        said = bridge.office.redaction.find(session_id, cast(Kind, kind), number)
        message = said if isinstance(said, Message) else None
        return shell.show(
            "redact.html", "sessions", session=session, said=said, kind=kind, called=CALLED[kind],
            gone=said.text == NOTICE, notice=NOTICE, shown=said.text[:LONGEST_SHOWN],
            private=isinstance(said, Note), job_id=message.job_id if message else None,
            waits=message is not None and message.state == "pending",
        )  # fmt: skip

    @page.post(HERE)
    @requires("operator")
    def redact(session_id: str, kind: str, number: int) -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            done = bridge.office.redaction.redact(actor, session_id, cast(Kind, kind), number)
            told = "is removed" if done else "was removed already"
            return Done(f"/admin/sessions/{session_id}", f"The text of this {CALLED[kind]} {told}.")

        return once(shell, act)
