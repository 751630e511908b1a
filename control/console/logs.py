"""/admin/logs: what the processes wrote, newest first, by request."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from chat_bridge.domain.log_book import LEVELS, LogBook, LogFilter
from chat_bridge.errors import InvalidField
from chat_bridge.model import LogEntry
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
            seen=_seen(query),
        )
        found = book.entries(wanted, SHOWN + 1)
        older = _older(query, wanted, found) if len(found) > SHOWN else None
        return shell.show(
            "logs.html", "logs", entries=found[:SHOWN], older_url=older, given=request.args,
            parts=[(part, part) for part in parts], levels=[(level, level) for level in LEVELS],
            clear_url="/admin/logs" if query.filtered else None,
            request_url=lambda name: query.url(request=name, before=None, seen=None),
        )  # fmt: skip


def _seen(query: Query) -> int:
    given = query.text("seen") or "0"
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise InvalidField(field="seen", reason="expected what a link of this list holds")
    return int(given)


def _older(query: Query, wanted: LogFilter, found: Sequence[LogEntry]) -> str:
    """Entries of one moment may be torn apart: the next page knows how many of it were shown."""
    last = found[SHOWN - 1].time
    seen = sum(entry.time == last for entry in found[:SHOWN])
    return query.url(before=last, seen=seen + (wanted.seen if last == wanted.before else 0))
