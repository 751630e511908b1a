"""GET /: the chat page. The browser's own conversations are the only state it reads."""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, Request, Response, abort, make_response, render_template, request

from chat_bridge.model import Agent, Session
from chat_bridge.model.access import PUBLIC, open_to
from control import session_list
from control.view_models import AgentView, ChatPage

if TYPE_CHECKING:
    from control.pages import Pages

COOKIE_SECONDS = 400 * 86_400  # browsers keep no cookie longer
SHORTEST_SECRET = 32
AGENT_COOKIE, ZONE_COOKIE = "cb_agent", "cb_zone"
OPERATIONS = "/api/v1/operations"


def routes(page: Blueprint, pages: "Pages") -> None:
    words = _words(pages.words)

    @page.get("/")
    @page.get("/chat/", strict_slashes=False)
    @open_to(PUBLIC)
    def chat() -> Response:
        secret = request.cookies.get(pages.settings.cookie_name, "")
        known = len(secret) >= SHORTEST_SECRET
        sessions = pages.sessions.of_browser(secret) if known else ()
        current = _wanted(sessions, request)
        agent = _agent(pages, current, request)
        if current is None and "new" not in request.args:
            current = next((s for s in sessions if _belongs(s, agent)), None)
        model = _page(pages, agent, sessions, current)
        response = make_response(render_template("chat/page.html", page=model, words=words))
        if not known:
            _keep(response, pages, pages.settings.cookie_name, secrets.token_urlsafe(32))
        if request.args.get("agent") == agent.slug:
            _keep(response, pages, AGENT_COOKIE, agent.slug)
        return response

    @page.get("/privacy")
    @open_to(PUBLIC)
    def privacy() -> str:
        return render_template("privacy.html", retention_days=pages.settings.retention_days)


def _wanted(sessions: Sequence[Session], asked: Request) -> Session | None:
    """The conversation the address names; somebody else's is as good as none."""
    name = asked.args.get("session")
    if not name:
        return None
    return next((s for s in sessions if s.session_id == name), None) or abort(404)


def _agent(pages: "Pages", current: Session | None, asked: Request) -> Agent:
    active = [agent for agent in pages.agents.all() if agent.status == "active"]
    if current is not None:
        found = next((agent for agent in active if _belongs(current, agent)), None)
        if found:
            return found
    names = (
        asked.args.get("agent"),
        asked.cookies.get(AGENT_COOKIE),
        pages.settings.page_agent,
    )
    for name in names:
        for agent in active:
            if name and name in (agent.slug, str(agent.id)):
                return agent
    return active[0] if active else abort(500)


def _belongs(session: Session, agent: Agent) -> bool:
    """A session without an agent is the default agent's."""
    return session.agent_id == agent.id or (session.agent_id is None and agent.slug == "default")


def _page(
    pages: "Pages", agent: Agent, sessions: Sequence[Session], current: Session | None
) -> ChatPage:
    agents = [
        _agent_view(pages, one, current=one.id == agent.id)
        for one in pages.agents.all()
        if one.status == "active"
    ]
    zone = _zone(request.cookies.get(ZONE_COOKIE, ""))
    session_id = current.session_id if current else None
    own = [session for session in sessions if _belongs(session, agent)]
    settings = pages.settings
    today = datetime.now(zone).date()
    chosen = next(view for view in agents if view.current)
    return ChatPage(
        agent=chosen,
        agents=agents,
        groups=session_list.grouped(own, current=session_id, zone=zone, today=today),
        title=(current.title if current else None) or session_list.UNTITLED,
        session_id=session_id,
        max_upload_mb=settings.max_upload_bytes >> 20,
        max_message_chars=settings.max_message_chars,
        accept=",".join(settings.accept),
        retention_days=settings.retention_days,
        boot=_boot(pages, agent, current),
    )


def _boot(pages: "Pages", agent: Agent, current: Session | None) -> dict[str, Any]:
    settings = pages.settings
    return {
        "session_id": current.session_id if current else None,
        "titled": bool(current and current.title),
        "agent": {
            "id": agent.id,
            "slug": agent.slug,
            "name": agent.name,
            "letter": _letter(agent),
            "built_in": agent.built_in,
            "answering": pages.agents.answering(agent),
        },
        "page_agent": settings.page_agent,
        "max_upload_bytes": settings.max_upload_bytes,
        "max_message_chars": settings.max_message_chars,
        "accept": list(settings.accept),
        "operations_url": OPERATIONS,
        "icons_url": pages.assets.url("icons.svg"),
        "build": pages.assets.version,
    }


def _agent_view(pages: "Pages", agent: Agent, *, current: bool) -> AgentView:
    return AgentView(
        id=agent.id,
        slug=agent.slug,
        name=agent.name,
        letter=_letter(agent),
        description=agent.description,
        answering=pages.agents.answering(agent),
        built_in=agent.built_in,
        current=current,
    )


def _letter(agent: Agent) -> str:
    return (agent.name or agent.slug or "?")[0].upper()


def _zone(name: str) -> tzinfo:
    """The browser's time zone, as its script left it in a cookie; UTC at the first visit."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _keep(response: Response, pages: "Pages", name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=pages.settings.secure,
    )


def _words(path: Path) -> dict[str, str]:
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words
