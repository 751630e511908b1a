"""/admin/logs: what the processes wrote, newest first, by request."""

from flask import Blueprint, Response, request

from chat_bridge.domain.log_book import LEVELS, LogBook, LogFilter
from control.console.frame import Shell
from control.console.listing import Query
from control.people import requires

FILTERS = ("request", "part", "level", "q")
SHOWN = 200


def routes(page: Blueprint, shell: Shell) -> None:
    book = LogBook(shell.bridge.door.logs)

    @page.get("/admin/logs")
    @requires("admin")
    def logs() -> Response:
        query = Query("/admin/logs", request.args, FILTERS)
        parts = book.parts()
        wanted = LogFilter(
            request_id=query.text("request"),
            level=query.choice("level", LEVELS) or "info",
            part=query.choice("part", parts),
            words=query.text("q"),
            before=query.text("before"),
        )
        found = book.entries(wanted, SHOWN + 1)
        older = query.url(before=found[SHOWN - 1].time) if len(found) > SHOWN else None
        return shell.show(
            "logs.html", "logs", entries=found[:SHOWN], older_url=older, given=request.args,
            parts=[(part, part) for part in parts], levels=[(level, level) for level in LEVELS],
            clear_url="/admin/logs" if query.filtered else None,
            request_url=lambda name: query.url(request=name, before=None),
        )  # fmt: skip
