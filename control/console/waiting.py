"""A row of the inbox: who, what they wrote last, and since when they wait."""

from dataclasses import dataclass

from chat_bridge.domain import times
from chat_bridge.model import Conversation
from control.console.people_shown import called, letter

LONG_MS, LONGER_MS = 300_000, 600_000
COLOURS = ("amber", "sky", "")


@dataclass(frozen=True)
class RowView:
    session_id: str
    first_id: int
    name: str
    letter: str
    colour: str
    line: str
    state: str
    word: str
    since: str
    agent: str
    href: str
    wakes: str = ""
    unread: int = 0
    tags: tuple[str, ...] = ()


def row_view(one: Conversation, *, agent: str, href: str, now_ms: int, me: int) -> RowView:
    name = called(one.participant_name, one.title, one.uid)
    state, word = _state(one, now_ms, me)
    shows_wait = bool(one.since) and not one.answering and not one.wakes_at
    return RowView(
        session_id=one.session_id,
        first_id=one.first_id or 0,
        name=name,
        letter=letter(name),
        colour=COLOURS[sum(one.session_id.encode()) % len(COLOURS)],
        line=one.line,
        state=state,
        word=word,
        since=times.canonical(one.since or "") if shows_wait else "",
        agent=agent,
        href=href,
        wakes=one.wakes_at or "",
        unread=one.unread,
        tags=one.tags,
    )


def _state(one: Conversation, now_ms: int, me: int) -> tuple[str, str]:
    """`waits` is followed by for how long; whoever holds it is named beside."""
    held = one.claim
    if one.wakes_at:
        return "info", "until"
    if held and held.person_id != me:
        return "info", f"taken by {held.username}"
    if one.answering:
        return "info", "agent answers"
    if one.since is None:
        return "good", "answered"
    waited = now_ms - (times.milliseconds(one.since) or now_ms)
    if waited >= LONGER_MS:
        return "bad", "waits"
    return ("wait" if waited >= LONG_MS or held is None else "info"), "waits"
