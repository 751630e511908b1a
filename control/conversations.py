"""Whose conversations a browser shows: somebody's own wherever they began, or a guest's here."""

from collections.abc import Sequence

from flask import Request, abort

from chat_bridge.model import Agent, Session
from control.pages import Pages


def wanted(sessions: Sequence[Session], asked: Request) -> Session | None:
    """The conversation the address names; somebody else's is as good as none."""
    name = asked.args.get("session")
    if not name:
        return None
    return next((s for s in sessions if s.session_id == name), None) or abort(404)


def of_somebody_signed_out(pages: Pages, secret: str, asked: Request) -> bool:
    """Whether the address names a conversation that began here and whose owner has been signed
    out since: signing in leads back to it."""
    name = asked.args.get("session")
    here = pages.sessions.of_browser(secret) if secret and name else ()
    return any(one.session_id == name and one.user_id is not None for one in here)


def belongs(session: Session, agent: Agent) -> bool:
    """A session without an agent is the default agent's."""
    return session.agent_id == agent.id or (session.agent_id is None and agent.slug == "default")
