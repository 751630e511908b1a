"""/admin/audit: who changed what, and whether the log is as it was written."""

from dataclasses import asdict

from flask import Blueprint, Response, request

from chat_bridge.errors import AuditBroken
from chat_bridge.ports import AuditFilter
from control.console.downloads import lines
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.people import requires, signed_in

FILTERS = ("q", "action")
HOME = "/admin/audit"


def routes(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.get(HOME)
    @requires("admin")
    def audit() -> Response:
        query = Query(HOME, request.args, FILTERS)
        place = query.place()
        actions = bridge.store.records.audit_actions()
        wanted = AuditFilter(
            before=int(place[0]) if place else None,
            action=query.choice("action", actions),
            words=query.like("q"),
            limit=PAGE + 1,
        )
        found = listing(query, bridge.store.records.audit(wanted), lambda row: (row.id,))
        undoable = bridge.administration.configuration.undoable(found.rows)
        return shell.show(
            "audit.html", "audit", list=found, actions=[(a, a) for a in actions], undoable=undoable,
        )  # fmt: skip

    @page.get(f"{HOME}/export")
    @requires("admin")
    def export_audit() -> Response:
        """Every entry with its hashes, for whoever checks the chain elsewhere."""
        bridge.audit.write(signed_in().person.actor, "audit.export", subject="audit log")
        return lines("audit.jsonl", (asdict(entry) for entry in bridge.audit.entries()))

    @page.post(f"{HOME}/verify")
    @requires("admin")
    def verify_audit() -> Response:
        try:
            count, last = bridge.audit.verify()
        except AuditBroken as error:
            return shell.done(HOME, error.message, "bad")
        return shell.done(HOME, f"{count:,} entries, unbroken. The last hash is {last[:16]}…")
