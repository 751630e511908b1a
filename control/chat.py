"""GET /: the chat page. The browser's own conversations are the only state it reads."""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from chat_bridge.model import Agent, Person, Session
from chat_bridge.model.access import PUBLIC, open_to
from control import conversations, people, session_list
from control.conversations import belongs
from control.pages import Pages
from control.view_models import AgentView, ChatPage, PersonView

COOKIE_SECONDS = 400 * 86_400  # browsers keep no cookie longer
SHORTEST_SECRET = 32
AGENT_COOKIE, ZONE_COOKIE = "cb_agent", "cb_zone"
OPERATIONS = "/api/v1/operations"


def routes(page: Blueprint, pages: Pages) -> None:
    words = read_words(pages.words)

    @page.get("/")
    @page.get("/chat/", strict_slashes=False)
    @open_to(PUBLIC)
    def chat() -> Response:
        known = len(request.cookies.get(pages.settings.cookie_name, "")) >= SHORTEST_SECRET
        secret = request.cookies[pages.settings.cookie_name] if known else ""
        me = people.person()
        if me is None and conversations.of_somebody_signed_out(pages, secret, request):
            return people.to_login()
        if me is not None and me.must_change_password:
            return redirect(people.ACCOUNT, 303)
        agents = pages.agents.visible_to(me)
        if not agents:
            return people.to_login() if me is None else abort(403)
        sessions = pages.sessions.listed(me, secret)
        current = conversations.wanted(sessions, request)
        agent = _agent(pages, agents, current)
        if current is None and "new" not in request.args:
            current = next((s for s in sessions if belongs(s, agent)), None)
        model = _page(pages, agent, agents, sessions=sessions, current=current, secret=secret)
        response = make_response(render_template("chat/page.html", page=model, words=words))
        if not known:
            _keep(response, pages, pages.settings.cookie_name, secrets.token_urlsafe(32))
        if request.args.get("agent") == agent.slug:
            _keep(response, pages, AGENT_COOKIE, agent.slug)
        return response

    @page.get("/privacy")
    @open_to(PUBLIC)
    def privacy() -> str:
        return render_template("privacy.html", retention_days=pages.live.now().retention_days)


def _agent(pages: Pages, agents: Sequence[Agent], current: Session | None) -> Agent:
    if current is not None:
        return next((agent for agent in agents if belongs(current, agent)), None) or abort(404)
    names = (
        request.args.get("agent"),
        request.cookies.get(AGENT_COOKIE),
        pages.live.now().page_agent,
    )
    for name in names:
        for agent in agents:
            if name and name in (agent.slug, str(agent.id)):
                return agent
    return agents[0]


def _page(
    pages: Pages, agent: Agent, agents: Sequence[Agent], *, sessions: Sequence[Session],
    current: Session | None, secret: str,
) -> ChatPage:  # fmt: skip
    shown = [agent_view(pages, one, current=one.id == agent.id) for one in agents]
    zone = _zone(request.cookies.get(ZONE_COOKIE, ""))
    session_id = current.session_id if current else None
    own = [session for session in sessions if belongs(session, agent)]
    settings, live = pages.settings, pages.live.now()
    today = datetime.now(zone).date()
    me = people.person()
    return ChatPage(
        agent=next(view for view in shown if view.current),
        agents=shown,
        me=PersonView(me.username, me.role, me.staff) if me else None,
        offers_sign_in=pages.guests.sign_in != "off" and me is None,
        groups=session_list.grouped(
            own, current=session_id, zone=zone, today=today, pinned=pages.sessions.pinned(own)
        ),
        title=(current.title if current else None) or session_list.UNTITLED,
        session_id=session_id,
        max_upload_mb=settings.max_upload_bytes >> 20,
        max_message_chars=live.max_message_chars,
        accept=",".join(settings.accept),
        retention_days=live.retention_days,
        boot=_boot(pages, agent, current, guest=_guest(pages, me, secret)),
    )


def _guest(pages: Pages, me: Person | None, secret: str) -> dict[str, Any] | None:
    """What a guest may still write before the page asks them to sign in."""
    left = None if me else pages.guests.left(secret)
    if left is None:
        return None
    must = pages.guests.sign_in == "required"
    return {"left": left, "limit": pages.guests.limit, "required": must}


def _boot(
    pages: Pages, agent: Agent, current: Session | None, *, guest: dict[str, Any] | None
) -> dict[str, Any]:
    settings, live = pages.settings, pages.live.now()
    return {
        "session_id": current.session_id if current else None,
        "titled": bool(current and current.title),
        "agent": {
            "id": agent.id,
            "slug": agent.slug,
            "name": agent.name,
            "letter": letter(agent),
            "built_in": agent.built_in,
            "answering": pages.agents.answering(agent),
        },
        "page_agent": live.page_agent,
        "guest": guest,
        "signed_in": people.person() is not None,
        "max_upload_bytes": settings.max_upload_bytes,
        "max_message_chars": live.max_message_chars,
        "accept": list(settings.accept),
        "operations_url": OPERATIONS,
        "icons_url": pages.assets.url("icons.svg"),
        "build": pages.assets.version,
    }


def agent_view(pages: Pages, agent: Agent, *, current: bool) -> AgentView:
    return AgentView(
        id=agent.id,
        slug=agent.slug,
        name=agent.name,
        letter=letter(agent),
        description=agent.description,
        answering=pages.agents.answering(agent),
        built_in=agent.built_in,
        current=current,
    )


def letter(agent: Agent) -> str:
    return (agent.name or agent.slug or "?")[0].upper()


def _zone(name: str) -> tzinfo:
    """The browser's time zone, as its script left it in a cookie; UTC at the first visit."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _keep(response: Response, pages: Pages, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=pages.settings.secure,
    )


def read_words(path: Path) -> dict[str, str]:
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words
