"""GET /admin/: the place at a glance; every number leads to what it counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response

from chat_bridge.domain import times
from chat_bridge.domain.health import OK
from chat_bridge.domain.overview import Glance
from chat_bridge.domain.sizes import as_size
from control.console.frame import Shell
from control.people import requires

LONG_WAIT_MS, LONGER_WAIT_MS = 300_000, 600_000
CHART_HEIGHT = 60
BAR = 10


@dataclass(frozen=True)
class Tile:
    """`state` is a pill's, `word` what it says; a tile without a state is only a number."""

    title: str
    value: str
    href: str
    note: str
    state: str = ""
    word: str = ""


@dataclass(frozen=True)
class Bar:
    """One hour of a chart: what its table says, and x, y and height in its own units."""

    start: str
    told: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Chart:
    """`column` heads the numbers of its table."""

    name: str
    title: str
    column: str
    bars: Sequence[Bar]


def routes(page: Blueprint, shell: Shell) -> None:
    @page.get("/admin/", strict_slashes=False)
    @requires("viewer", asks_here=True)  # old scripts expect a page at this address
    def overview() -> Response:
        glance = shell.bridge.office.overview.glance()
        return shell.show(
            "overview.html",
            "overview",
            glance=glance,
            tiles=tiles(glance),
            charts=charts(glance),
        )


def tiles(glance: Glance) -> Sequence[Tile]:
    waiting = glance.waiting
    return (
        Tile("Waiting now", f"{waiting.sessions:,}", "/admin/inbox?tab=all",
             f"{waiting.unassigned:,} not taken by anybody",
             *(("wait", "waiting") if waiting.unassigned else ("good", "nobody alone"))),
        _oldest(glance),
        Tile("Messages", f"{glance.last_hour:,}", "/admin/sessions", "in the last hour"),
        Tile("Answer time", _length(glance.answer_ms), "/admin/outbox", "median of 24 hours"),
        Tile("Jobs running", f"{glance.jobs.running:,}", "/admin/jobs",
             f"{glance.jobs.pending:,} waiting, {glance.jobs.failed:,} failed in 24 h",
             *_trouble(glance)),
        Tile("Disk free", as_size(glance.free_bytes), "/admin/files", "for messages and files",
             *(("good", "enough") if glance.checks.get("disk") == OK else ("bad", "low"))),
    )  # fmt: skip


def _trouble(glance: Glance) -> tuple[str, str]:
    if glance.dead:
        return "bad", f"{glance.dead:,} dead {'letter' if glance.dead == 1 else 'letters'}"
    return ("bad", "failures") if glance.jobs.failed else ("good", "no failures")


def _oldest(glance: Glance) -> Tile:
    since = glance.waiting.oldest
    if since is None:
        return Tile("Longest wait", "none", "/admin/inbox", "nobody waits", "good", "all answered")
    waited = (times.milliseconds(glance.at) or 0) - (times.milliseconds(since) or 0)
    state = ("good", "short")
    if waited >= LONG_WAIT_MS:
        state = ("bad", "too long") if waited >= LONGER_WAIT_MS else ("wait", "long")
    return Tile(
        "Longest wait", _length(waited), "/admin/inbox?tab=all", "the first in line", *state
    )


def charts(glance: Glance) -> Sequence[Chart]:
    messages = bars(glance.hours, "{:,}".format)
    lengths = [(start, length or 0) for start, length in glance.answer_hours]
    answers = bars(lengths, lambda length: _length(length or None))
    return (
        Chart("hours", "Messages in the last 24 hours", "Messages", messages),
        Chart("answers", "Answer time in the last 24 hours", "Median", answers),
    )


def bars(hours: Sequence[tuple[str, int]], told: Callable[[int], str]) -> Sequence[Bar]:
    top = max((count for _, count in hours), default=0) or 1
    shown = []
    for number, (start, count) in enumerate(hours):
        height = max(1, round(count / top * CHART_HEIGHT)) if count else 0
        shown.append(Bar(start, told(count), number * BAR, CHART_HEIGHT - height, height))
    return shown


def _length(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "none"
    return times.length(milliseconds)
