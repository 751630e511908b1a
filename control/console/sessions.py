"""/admin/sessions: every conversation, and one with all that happened in it."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from chat_bridge.domain import times
from chat_bridge.domain.agents import DEFAULT
from chat_bridge.domain.items import Links
from chat_bridge.errors import InvalidField, SessionNotFound
from chat_bridge.model import Listed, Session
from chat_bridge.ports import SessionFilter
from control.console.entries import Teller
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.people_shown import called
from control.console.posting import Done, once
from control.people import requires, signed_in

FILTERS = ("q", "status", "agent")
STATUSES = ("active", "ended", "expired")
FORMATS = ("md", "json", "html")
LONGEST_STAMP = 40
BEFORE_WORDS, LONGEST_LINE = 30, 160


def routes(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.get("/admin/sessions")
    @requires("viewer")
    def sessions() -> Response:
        query = Query("/admin/sessions", request.args, FILTERS)
        found = bridge.store.console.sessions(_wanted(shell, query))
        shown = listing(query, found, lambda row: (row.session.last_activity, row.session.id))
        return shell.show(
            "sessions.html", "sessions", list=shown, statuses=STATUSES,
            agents=[(str(a.id), a.name) for a in bridge.agents.all()],
            said=lambda row: around(row.line or "", query.text("q") or ""),
            agent_of=lambda row: bridge.agents.by_id(row.session.agent_id).name, called=_called,
        )  # fmt: skip

    @page.get("/admin/sessions/<session_id>")
    @requires("viewer")
    def session(session_id: str) -> Response:
        return _transcript(shell, bridge.sessions.find(session_id))

    @page.get("/admin/sessions/<session_id>/export")
    @requires("viewer")
    def export_session(session_id: str) -> Response:
        found = bridge.sessions.find(session_id)
        form = Query("", request.args).choice("format", FORMATS) or "md"
        bridge.audit.write(
            signed_in().person.actor, "session.export", subject=session_id, after=form
        )
        pieces, content_type = bridge.transcripts.export(found, form, Links())
        response = Response(pieces, content_type=content_type)
        response.headers["Content-Disposition"] = f"attachment; filename=conversation.{form}"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    _acts(page, shell)


def _acts(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.post("/admin/sessions/<session_id>/close")
    @requires("operator")
    def close(session_id: str) -> Response:
        def act() -> Done:
            closed(shell, bridge.sessions.find(session_id))
            return Done(_path(session_id), "The session is closed.")

        return once(shell, act)

    @page.post("/admin/sessions/<session_id>/reopen")
    @requires("operator")
    def reopen(session_id: str) -> Response:
        def act() -> Done:
            found = bridge.sessions.find(session_id)
            bridge.sessions.reopen(found)
            _audited(shell, "session.reopen", found, before=found.status, after="active")
            return Done(_path(session_id), "The session goes on.")

        return once(shell, act)

    @page.post("/admin/sessions/<session_id>/delete")
    @requires("operator")
    def delete(session_id: str) -> Response:
        def act() -> Done:
            deleted(shell, bridge.sessions.find(session_id))
            return Done("/admin/sessions", "The session, its messages and its files are deleted.")

        return once(shell, act, apart=True)


def closed(shell: Shell, session: Session) -> None:
    shell.bridge.sessions.close(session)
    _audited(shell, "session.close", session, before=session.status, after="ended")


def deleted(shell: Shell, session: Session) -> None:
    row = shell.bridge.store.sessions.overview(session.session_id)
    if row is None:
        raise SessionNotFound
    shell.bridge.sessions.erase(session)
    before = f"{row.message_count} messages, {row.response_count} answers"
    _audited(shell, "session.delete", session, before=before, after="deleted")


def _audited(shell: Shell, action: str, session: Session, *, before: str, after: str) -> None:
    actor, subject = signed_in().person.actor, session.session_id
    shell.bridge.audit.write(actor, action, subject=subject, before=before, after=after)


def _transcript(shell: Shell, session: Session) -> Response:
    bridge = shell.bridge
    before = request.args.get("before") or None
    if before is not None and (len(before) > LONGEST_STAMP or times.milliseconds(before) is None):
        raise InvalidField(field="before", reason="expected what a link of this page holds")
    overview = bridge.store.sessions.overview(session.session_id)
    if overview is None:
        raise SessionNotFound
    visiting = bridge.store.console.visiting(session.session_id)
    name = called(visiting.participant_name, session.title, session.uid)
    stretch = bridge.office.timeline.page(session.session_id, before)
    raw = request.args.get("raw") == "1"
    query = Query(_path(session.session_id), request.args)
    return shell.show(
        "session.html", "sessions", session=session, overview=overview, visiting=visiting,
        name=name, entries=Teller(bridge.agents, session, name, raw).views(stretch.entries),
        agent=bridge.agents.by_id(session.agent_id),
        claim=bridge.office.desk.holder(session.session_id),
        raw=raw, raw_url=query.url(raw=None if raw else 1),
        older_url=query.url(before=stretch.before) if stretch.before else None,
        newest_url=query.url(before=None) if before else None,
        files=bridge.store.attachments.of_session(session.session_id),
        jobs=bridge.jobs.of_session(session.session_id, 20),
    )  # fmt: skip


def _wanted(shell: Shell, query: Query) -> SessionFilter:
    place = query.place(2)
    agents: Sequence[str] = [str(agent.id) for agent in shell.bridge.agents.all()]
    agent = query.choice("agent", agents)
    return SessionFilter(
        default_id=shell.bridge.agents.resolve(DEFAULT).id,
        last_activity=place[0] if place else None,
        id=int(place[1]) if place else None,
        status=query.choice("status", STATUSES),
        agent_id=int(agent) if agent else None,
        words=query.like("q"),
        limit=PAGE + 1,
    )


def around(line: str, words: str) -> str:
    """The part of a text that holds the words."""
    place = max(0, line.lower().find(words.lower()) - BEFORE_WORDS)
    cut = " ".join(line[place : place + LONGEST_LINE].split())
    return ("… " if place else "") + cut


def _called(row: Listed) -> str:
    return called(row.name, row.session.title, row.session.uid)


def _path(session_id: str) -> str:
    return f"/admin/sessions/{session_id}"
