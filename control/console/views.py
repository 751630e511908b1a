"""/admin/inbox-views: the filters of the inbox that an operator keeps, as links in the inbox."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from control.console.frame import Shell
from control.console.listing import Query
from control.console.posting import Done, once
from control.people import requires, signed_in

PATH = "/admin/inbox-views"
INBOX = "/admin/inbox"
KEPT = ("tab", "q", "agent", "tag")
LARGEST = 1 << 63


def routes(page: Blueprint, shell: Shell) -> None:
    views = shell.bridge.office.views

    @page.post(PATH)
    @requires("operator")
    def keep_view() -> Response:
        def act() -> Done:
            query = kept(request.form)
            name = views.keep(signed_in().person, request.form.get("name", ""), query)
            return Done(f"{INBOX}?{query}", f"Kept as {name}.")

        return once(shell, act)

    @page.post(f"{PATH}/<int:number>/remove")
    @requires("operator")
    def remove_view(number: int) -> Response:
        def act() -> Done:
            gone = views.remove(signed_in().person, min(number, LARGEST - 1))
            return Done(f"{INBOX}?{gone.query}", f"{gone.name} is no view any more.")

        return once(shell, act)


def kept(given: Mapping[str, str]) -> str:
    """The part of an address that a view keeps."""
    query = Query(INBOX, given)
    found = {name: query.text(name) for name in KEPT}
    return urlencode({name: value for name, value in found.items() if value})
