"""A visitor's own list of conversations: rename one, keep it on top, find what was said."""

from flask import Blueprint, Response, request

from chat_bridge.api import guards, parse
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import FLAG, MOMENT, TEXT, many, maybe, number, record
from chat_bridge.domain import times
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import InvalidField, MissingFields
from chat_bridge.model.access import PUBLIC, open_to, visitor

LONGEST_SEARCH = 100
CHANGED = record({"pinned": FLAG}, session_id=TEXT, title=maybe(TEXT))
FOUND = record(session_id=TEXT, title=maybe(TEXT), excerpt=TEXT, last_activity=MOMENT)


def routes(api: Blueprint, bridge: Bridge) -> None:
    @api.patch("/api/v1/sessions/<session_id>")
    @open_to(visitor("admin"))
    @shape(
        "names a conversation, or keeps it on top of its visitor's list",
        body=record({"title": TEXT, "pinned": FLAG}),
        data=CHANGED,
    )
    def arrange_session(session_id: str) -> Response:
        session = guards.session(bridge, request, session_id, "admin")
        body = parse.json_body(request, bridge.door.max_body_bytes)
        title, pinned = parse.optional_text(body, "title"), body.get("pinned")
        if "title" not in body and pinned is None:
            raise MissingFields("Send 'title' or 'pinned'.")
        if pinned is not None and not isinstance(pinned, bool):
            raise InvalidField(field="pinned", reason="expected true or false")
        if "title" in body:
            bridge.shelf.rename(session, title or "")
        if pinned is not None:
            bridge.shelf.pin(session, pinned)
        now = bridge.sessions.find(session_id)
        on_top = session_id in bridge.sessions.pinned([now])
        return success({"session_id": session_id, "title": now.title, "pinned": on_top})

    @api.get("/api/v1/search")
    @open_to(PUBLIC)
    @shape(
        "the caller's conversations in which the words were said",
        query={"q": {**TEXT, "maxLength": LONGEST_SEARCH}, "limit": number(1, 100, 20)},
        data=record(found=many(FOUND)),
    )
    def search() -> Response:
        query = parse.query(request)
        words = query.get("q", "")
        if len(words) > LONGEST_SEARCH:
            raise InvalidField(field="q", reason=f"longer than {LONGEST_SEARCH} characters")
        limit = parse.whole(query, "limit", 20, low=1, high=100)
        places = bridge.shelf.search(guards.visitor(bridge, request), words, limit)
        found = [
            {
                "session_id": place.session.session_id,
                "title": place.session.title,
                "excerpt": place.excerpt,
                "last_activity": times.canonical(place.session.last_activity),
            }
            for place in places
        ]
        return success({"found": found}, total=len(found))
