"""/api/v1/sessions: open, look at, read back, export and erase a conversation."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from chat_bridge.api import guards, headers, parse
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import AGENT, MESSAGE, OPENED, RESPONSE, STATE, STREAM
from chat_bridge.api.shapes.kinds import CURSOR, TEXT, many, maybe, number, one_of, record
from chat_bridge.domain import items
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.items import Item
from chat_bridge.errors import InvalidField
from chat_bridge.model import Agent, Session
from chat_bridge.model.access import PUBLIC, open_to, visitor

EXPORTS = ("md", "json", "html")
LONGEST_STAMP = 40  # other programs write times in forms of their own

TRANSCRIPT = record(
    items=many({"anyOf": [MESSAGE, RESPONSE]}),
    before=maybe(TEXT),
    cursor=CURSOR,
    streams=many(STREAM),
)
PIPELINE = record(name=TEXT, command=TEXT)


def routes(api: Blueprint, bridge: Bridge) -> None:
    @api.post("/api/v1/sessions")
    @open_to(PUBLIC)
    @shape(
        "opens a conversation",
        body=record({"agent_id": maybe({"type": ["string", "integer"]})}),
        data=OPENED,
    )
    def open_session() -> Response:
        body = parse.optional_json_body(request, bridge.door.max_body_bytes)
        wanted = parse.optional_text(body, "agent_id")
        caller = guards.visitor(bridge, request)
        agent = bridge.agents.chosen(wanted, caller.person) if wanted else None
        entry = bridge.sessions.open(agent, caller, parse.idempotency_key(request))
        shown = items.session_item(entry.session)
        shown["agent"] = agent_item(bridge, bridge.agents.by_id(entry.session.agent_id))
        shown["session_token"] = entry.token
        return success(shown)

    @api.get("/api/v1/sessions/<session_id>")
    @open_to(visitor("sessions"))
    @shape("the state of a conversation", data=STATE)
    def show_session(session_id: str) -> Response:
        session = guards.session(bridge, request, session_id, "sessions")
        return success(state(bridge, session))

    @api.delete("/api/v1/sessions/<session_id>")
    @open_to(visitor("admin"))
    @shape("erases a conversation with its files", data=record(session_id=TEXT))
    def erase_session(session_id: str) -> Response:
        session = guards.session(bridge, request, session_id, "admin")
        _erase(bridge, session)
        return success({"session_id": session.session_id})

    @api.get("/api/v1/sessions/<session_id>/messages")
    @open_to(visitor("sessions"))
    @shape(
        "both sides in order, newest page first",
        query={"before": {**TEXT, "maxLength": LONGEST_STAMP}, "limit": number(1, 200, 50)},
        data=TRANSCRIPT,
    )
    def read_transcript(session_id: str) -> Response:
        session = guards.session(bridge, request, session_id, "sessions")
        query = parse.query(request)
        limit = parse.whole(query, "limit", 50, low=1, high=200)
        before = query.get("before") or None
        if before is not None and len(before) > LONGEST_STAMP:
            raise InvalidField(field="before", reason="expected the value given by an answer")
        links = guards.links(bridge, request)
        page = bridge.transcripts.page(session, before, limit, links)
        _fetched(bridge, page.items)
        return success(
            {
                "items": page.items,
                "before": page.before,
                "cursor": str(page.cursor),
                "streams": page.streams,
            }
        )

    @api.get("/api/v1/sessions/<session_id>/export")
    @open_to(visitor("export"))
    @shape(
        "the conversation as a file",
        query={"format": one_of(*EXPORTS)},
        files=("text/markdown", "text/html", "application/json"),
    )
    def export_session(session_id: str) -> Response:
        session = guards.session(bridge, request, session_id, "export")
        form = parse.query(request).get("format", "md")
        if form not in EXPORTS:
            raise InvalidField(field="format", reason=f"expected one of {', '.join(EXPORTS)}")
        links = guards.links(bridge, request)
        pieces, content_type = bridge.transcripts.export(session, form, links)
        response = Response(pieces, content_type=content_type)
        response.headers["Content-Disposition"] = f"attachment; filename=conversation.{form}"
        return headers.sandboxed(response)

    @api.get("/api/v1/sessions/<session_id>/pipelines")
    @open_to(visitor("sessions"))
    @shape("the pipelines saved under a name", data=record(pipelines=many(PIPELINE)))
    def list_pipelines(session_id: str) -> Response:
        session = guards.session(bridge, request, session_id, "sessions")
        saved = bridge.pipelines.of_session(session.session_id)
        shown = [{"name": one.name, "command": one.command} for one in saved]
        return success({"pipelines": shown}, total=len(shown))

    @api.get("/api/v1/agents")
    @open_to(PUBLIC)
    @shape("whom there is to talk to", data=record(agents=many(AGENT)))
    def list_agents() -> Response:
        visible = bridge.agents.visible_to(guards.person(bridge, request))
        shown = [agent_item(bridge, agent) for agent in visible]
        return success({"agents": shown})


def _fetched(bridge: Bridge, shown: Sequence[Item]) -> None:
    if guards.bearer(request) is None:
        bridge.readers.fetched(item["id"] for item in shown if item["type"] == "response")


def agent_item(bridge: Bridge, agent: Agent) -> Item:
    return {
        "id": agent.id,
        "slug": agent.slug,
        "name": agent.name,
        "description": agent.description,
        "status": "answering" if bridge.agents.answering(agent) else "away",
        "built_in": agent.built_in,
    }


def state(bridge: Bridge, session: Session) -> Item:
    agent = bridge.agents.by_id(session.agent_id)
    return {
        **items.session_item(session),
        "agent": agent_item(bridge, agent),
        "answering": bridge.agents.answering(agent),
        "cursor": str(bridge.feed.newest()),
    }


def _erase(bridge: Bridge, session: Session) -> None:
    """By its visitor, or by whoever administers, which is audited."""
    holder = guards.key(bridge, request, "admin") if guards.bearer(request) else None
    row = bridge.store.sessions.overview(session.session_id) if holder else None
    bridge.sessions.erase(session)
    if holder and row:
        told, name = f"{row.message_count} messages, {row.response_count} answers", row.session_id
        bridge.audit.write(
            holder.actor, "session.delete", subject=name, before=told, after="deleted"
        )
