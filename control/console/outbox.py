"""/admin/outbox: the answers that went out, and sending one again."""

import secrets

from flask import Blueprint, Response, request

from chat_bridge.errors import ResponseNotFound
from chat_bridge.model import NewResponse
from chat_bridge.model import Response as Answer
from chat_bridge.ports import ResponseFilter
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.people_shown import called
from control.console.posting import Done, once
from control.people import requires, signed_in

FILTERS = ("kind", "session", "state")
STATES = {"waiting": "pending", "fetched": "delivered"}
KINDS = ("text", "result", "error", "system", "tool")
AGAIN = {"author": "operator", "resent": True}


def routes(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.get("/admin/outbox")
    @requires("viewer")
    def outbox() -> Response:
        query = Query("/admin/outbox", request.args, FILTERS)
        place = query.place()
        wanted = ResponseFilter(
            before=int(place[0]) if place else None,
            kind=query.choice("kind", KINDS),
            session_id=query.text("session"),
            status=STATES.get(query.choice("state", tuple(STATES)) or ""),
            limit=PAGE + 1,
        )
        shown = listing(query, bridge.store.console.responses(wanted), lambda row: (row.id,))
        return shell.show(
            "outbox.html", "outbox", list=shown, kinds=KINDS,
            called=lambda row: called(None, row.title, row.uid),
        )  # fmt: skip

    @page.post("/admin/outbox/<int:response_id>/resend")
    @requires("operator")
    def resend(response_id: int) -> Response:
        person = signed_in().person

        def act() -> Done:
            earlier = _answer(shell, response_id)
            session_id = request.form.get("session_id", "").strip() or earlier.session_id
            bridge.sessions.find(session_id)
            new = NewResponse(
                session_id, earlier.text, idempotency_key="again:" + secrets.token_urlsafe(16),
                metadata=AGAIN,
            )  # fmt: skip
            sent = bridge.outbox.add(new)
            bridge.store.desk.sign(sent.id, person.username)
            bridge.audit.write(
                person.actor, "response.resend", subject=session_id,
                before=f"answer {response_id}", after=f"answer {sent.id}",
            )  # fmt: skip
            return Done(f"/admin/outbox?session={session_id}", "The answer was sent again.")

        return once(shell, act)


def _answer(shell: Shell, response_id: int) -> Answer:
    found = shell.bridge.store.console.response(response_id)
    if found is None:
        raise ResponseNotFound
    return found
