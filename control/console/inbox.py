"""/admin/inbox: who waits since when, and the conversation with one of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from chat_bridge.domain.agents import DEFAULT
from chat_bridge.domain.canned import MOST
from chat_bridge.errors import Conflict, FormIncomplete
from chat_bridge.model import Conversation, Session
from chat_bridge.ports import CannedFilter, WaitingFilter
from control.console.entries import Teller
from control.console.frame import Shell
from control.console.listing import PAGE, Listing, Query, listing
from control.console.people_shown import called
from control.console.posting import Done, once, text
from control.console.views import kept
from control.console.waiting import RowView, row_view
from control.people import requires, signed_in

FILTERS = ("q", "agent", "tag")
TABS = ("unassigned", "mine", "all", "snoozed")
HOURS = (("1", "1 hour"), ("4", "4 hours"), ("24", "1 day"), ("72", "3 days"), ("168", "1 week"))
PATH = "/admin/inbox"


@dataclass(frozen=True)
class Draft:
    """What was written and refused, to be sent again."""

    text: str = ""
    mode: str = "reply"
    error: str = ""


def routes(page: Blueprint, shell: Shell) -> None:
    desk = shell.bridge.office.desk

    @page.get(PATH)
    @requires("viewer")
    def inbox() -> Response:
        return _shown(shell, None, Draft())

    @page.get(f"{PATH}/<session_id>")
    @requires("viewer")
    def conversation(session_id: str) -> Response:
        return _shown(shell, shell.bridge.sessions.find(session_id), _draft(shell))

    @page.post(f"{PATH}/<session_id>/claim")
    @requires("operator")
    def claim(session_id: str) -> Response:
        def act() -> Done:
            desk.claim(session_id, signed_in().person)
            return Done(_path(session_id, tab="mine"), "The conversation is yours.")

        try:
            return once(shell, act)
        except Conflict as error:
            draft = Draft(error=error.message)
            return _shown(shell, shell.bridge.sessions.find(session_id), draft, error.status)

    @page.post(f"{PATH}/<session_id>/touch")
    @requires("operator")
    def touch(session_id: str) -> Response:
        desk.touch(session_id, signed_in().person)
        return Response(status=204)

    _answers(page, shell)
    _putting_off(page, shell)


def _answers(page: Blueprint, shell: Shell) -> None:
    bridge, desk = shell.bridge, shell.bridge.office.desk

    @page.post(f"{PATH}/<session_id>/say")
    @requires("operator")
    def say(session_id: str) -> Response:
        session = bridge.sessions.find(session_id)
        try:
            return once(shell, lambda: _said(shell, session_id))
        except (Conflict, FormIncomplete) as error:
            mode = "note" if request.form.get("mode") == "note" else "reply"
            draft = Draft(request.form.get("text", ""), mode, error.message)
            return _shown(shell, session, draft, error.status)

    @page.post(f"{PATH}/<session_id>/hand-back")
    @requires("operator")
    def hand_back(session_id: str) -> Response:
        def act() -> Done:
            desk.hand_back(session_id, signed_in().person)
            return Done(_path(session_id), "The agent answers again.")

        return once(shell, act)

    @page.post(f"{PATH}/<session_id>/resolve")
    @requires("operator")
    def resolve(session_id: str) -> Response:
        def act() -> Done:
            desk.resolve(session_id, signed_in().person)
            return Done(_next(shell, session_id), "Resolved.", _undo(session_id))

        return once(shell, act)

    @page.post(f"{PATH}/<session_id>/reopen")
    @requires("operator")
    def unresolve(session_id: str) -> Response:
        def act() -> Done:
            desk.reopen(session_id, signed_in().person)
            return Done(_path(session_id, tab="mine"), "It is open again, and yours.")

        return once(shell, act)


def _putting_off(page: Blueprint, shell: Shell) -> None:
    desk = shell.bridge.office.desk

    @page.post(f"{PATH}/<session_id>/snooze")
    @requires("operator")
    def snooze(session_id: str) -> Response:
        hours = request.form.get("hours", "")
        if hours not in dict(HOURS):
            raise FormIncomplete(reason="Say for how long: open the conversation again.")

        def act() -> Done:
            desk.snooze(session_id, signed_in().person, int(hours) * 3_600)
            told = f"Put off for {dict(HOURS)[hours]}, or until its visitor writes."
            return Done(_next(shell, session_id), told)

        return once(shell, act)

    @page.post(f"{PATH}/<session_id>/wake")
    @requires("operator")
    def wake(session_id: str) -> Response:
        def act() -> Done:
            desk.wake(session_id, signed_in().person)
            return Done(_path(session_id), "It is among those that wait again.")

        return once(shell, act)


def _draft(shell: Shell) -> Draft:
    """With the words of a canned reply, if the address asks for one."""
    number = request.args.get("canned", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return Draft()
    return Draft(shell.bridge.office.canned.find(int(number)).body)


def _said(shell: Shell, session_id: str) -> Done:
    bridge, person = shell.bridge, signed_in().person
    if request.form.get("mode") == "note":
        note = text("text", most=bridge.door.max_message_chars, what="The note")
        bridge.office.desk.note(session_id, person, note)
        return Done(_path(session_id), "The note is kept; only operators see it.")
    words = text("text", most=bridge.door.max_message_chars, what="The answer")
    seen, resolve = request.form.get("seen", ""), request.form.get("then") == "resolve"
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        raise FormIncomplete(reason="Open the conversation again, then send your answer.")
    bridge.office.desk.reply(session_id, person, words, seen=int(seen), resolve=resolve)
    if resolve:
        return Done(_next(shell, session_id), "Answered and resolved.", _undo(session_id))
    return Done(_path(session_id, tab="mine"), "Answered.")


def _shown(shell: Shell, session: Session | None, draft: Draft, status: int = 200) -> Response:
    bridge, person = shell.bridge, signed_in().person
    cursor = bridge.feed.newest()
    if session:
        bridge.office.looks.at(session.session_id, person)
    given = {name: value for name, value in request.args.items() if name != "canned"}
    tab = Query(PATH, given).choice("tab", TABS) or "unassigned"
    path = _path(session.session_id) if session else PATH
    query = Query(path, given, FILTERS)
    return shell.show(
        "inbox.html", "inbox", status=status, tab=tab, list=_list(shell, query, tab),
        tabs=_tabs(shell), talk=_talk(shell, session) if session else None, draft=draft,
        agents=[(str(a.id), a.name) for a in bridge.agents.all() if not a.built_in],
        cursor=cursor, query=query, mine=person.id, most=bridge.door.max_message_chars,
        back=Query(PATH, given).url(), came=_narrowed(given).url()[len(PATH) :], hours=HOURS,
        views=bridge.office.views.of(person), kept=kept({"tab": tab, **given}),
        tags=[(tag, tag) for tag in bridge.office.tags.in_use()],
    )  # fmt: skip


def _tabs(shell: Shell) -> list[tuple[str, str, int]]:
    desk, person = shell.bridge.office.desk, signed_in().person
    waiting = desk.count()
    return [
        ("unassigned", "Unassigned", waiting.unassigned),
        ("mine", "Mine", desk.count_mine(person)),
        ("all", "All", waiting.sessions),
        ("snoozed", "Put off", waiting.snoozed),
    ]


def _list(shell: Shell, query: Query, tab: str) -> Listing[RowView]:
    desk, now_ms = shell.bridge.office.desk, shell.bridge.clock.now_ms()
    if tab == "mine":
        found = desk.mine(signed_in().person)
    else:
        found = desk.waiting(_wanted(shell, query, tab=tab))
    limit = len(found) if tab == "mine" else PAGE
    rows = [_row(shell, one, query, now_ms) for one in found]
    return listing(query, rows, lambda row: (row.first_id,), limit=limit or PAGE)


def _row(shell: Shell, one: Conversation, query: Query, now_ms: int) -> RowView:
    agent = shell.bridge.agents.by_id(one.agent_id).name
    href = Query(_path(one.session_id), query.given).url()
    return row_view(one, agent=agent, href=href, now_ms=now_ms, me=signed_in().person.id)


def _wanted(shell: Shell, query: Query, *, tab: str) -> WaitingFilter:
    agents = shell.bridge.agents
    wanted = query.choice("agent", [str(agent.id) for agent in agents.all()])
    default = str(agents.resolve(DEFAULT).id)
    place = query.place()
    return WaitingFilter(
        after=int(place[0]) if place else 0,
        claimed=tab != "unassigned",
        snoozed=tab == "snoozed",
        agent_id=None if wanted is None else 0 if wanted == default else int(wanted),
        words=query.like("q"),
        tag=query.text("tag"),
        reader=signed_in().person.id,
        limit=PAGE + 1,
    )


def _talk(shell: Shell, session: Session) -> dict[str, object]:
    bridge, name_of = shell.bridge, session.session_id
    visiting = bridge.store.console.visiting(name_of)
    name = called(visiting.participant_name, session.title, session.uid)
    stretch = bridge.office.timeline.page(name_of, None)
    return {
        "session": session,
        "name": name,
        "visiting": visiting,
        "agent": bridge.agents.by_id(session.agent_id),
        "claim": bridge.office.desk.holder(name_of),
        "resolution": bridge.office.desk.resolved(name_of),
        "snooze": bridge.office.desk.snoozed(name_of),
        "canned": bridge.office.canned.page(CannedFilter(limit=MOST)),
        "agent_holds": bridge.office.desk.agent_holds(name_of),
        "seen": bridge.office.desk.newest_response(name_of),
        "entries": Teller(bridge.agents, session, name).views(stretch.entries),
        "earlier": stretch.before,
        "tags": bridge.office.tags.of(name_of),
        "waiting": bridge.store.desk.open_messages(name_of),
        "files": bridge.store.attachments.of_session(name_of),
    }


def _next(shell: Shell, session_id: str) -> str:
    """The one who waits longest, and whom nobody has taken, of those that were looked at."""
    query = _narrowed(request.args)
    found = shell.bridge.office.desk.waiting(_wanted(shell, query, tab="unassigned"))
    others = [one.session_id for one in found if one.session_id != session_id]
    return _path(others[0], **query.given) if others else query.url()


def _narrowed(given: Mapping[str, str]) -> Query:
    """The filters of an address without the rest of it."""
    return Query(PATH, {name: given[name] for name in FILTERS if given.get(name)})


def _undo(session_id: str) -> str:
    return f"{PATH}/{session_id}/reopen"


def _path(session_id: str, **more: str) -> str:
    return Query(f"{PATH}/{session_id}", more).url()
