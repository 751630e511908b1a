"""GET ?action=responses: the answers to a visitor, by `since` or by cursor."""

from flask import Response

from chat_bridge.api import guards, parse
from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import JSON, answer, success, success_bytes
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import RESPONSE
from chat_bridge.api.shapes.kinds import CURSOR, SESSION_ID, TEXT, many, number, record
from chat_bridge.domain import times
from chat_bridge.domain.items import Item
from chat_bridge.errors import InvalidKey, MissingSessionId, SessionNotFound
from chat_bridge.model import Response as Answer
from chat_bridge.model import Session
from chat_bridge.ports import Wait

LONGEST_WAIT = 50.0
MOST = 1_000
MOST_CHARACTERS = 4 << 20


@shape(
    "the answers to a visitor",
    query={"session_id": SESSION_ID, "since": TEXT, "cursor": CURSOR, "wait": number(0.0, 50.0, 0)},
    data=record(session_id=TEXT, responses=many(RESPONSE), cursor=CURSOR),
)
def get(call: Call) -> Response:
    name = call.query.get("session_id")
    if not name:
        raise MissingSessionId
    call.session_id(name)
    try:
        session = _session(call, name)
    except SessionNotFound:
        presented = call.visitor.secret and not call.visitor.by_cookie
        if presented or call.bridge.sessions.exists(name):
            raise
        # Old pages poll before they write; an unknown id is an empty list, and no row.
        return success({"session_id": name, "responses": [], "cursor": "0"})
    if call.query.get("cursor"):
        cursor = call.bridge.feed.cursor(call.query["cursor"])
        call.watched(session)
        return _after(call, session, cursor)
    return _since(call, session)


def _session(call: Call, name: str) -> Session:
    """The founding servers ask for no key here, so whatever an old page sends as one, if it is
    none, says nothing about who may read."""
    try:
        return guards.session(call.bridge, call.request, name, "events")
    except InvalidKey:
        return call.bridge.sessions.authorise(name, call.visitor)


def _since(call: Call, session: Session) -> Response:
    """All that is kept, or what is newer than an instant; the events are not asked, as they are
    forgotten after a while. Where there is nothing yet, the call may wait for it."""
    cursor = call.bridge.feed.newest()
    items = [call.bridge.feed.response(found, call.links) for found in _stored(call, session)]
    call.fetched(item["id"] for item in items)
    if not items and "wait" in call.query:
        return _after(call, session, cursor)
    return success(_data(session, items, cursor))


def _stored(call: Call, session: Session) -> list[Answer]:
    instant = times.milliseconds(call.query.get("since", ""))
    day = "" if instant is None else call.bridge.clock.text(instant)[:10]
    found = call.bridge.store.responses.since(session.session_id, day, MOST, MOST_CHARACTERS)
    if instant is None:
        return list(found)
    return [one for one in found if (times.milliseconds(one.timestamp) or 0) > instant]


def _after(call: Call, session: Session, cursor: int) -> Response:
    _ = call.links, call.fetched  # built now: an attempt runs outside of the request
    call.bridge.feed.after(cursor, 1, session.session_id)  # an expired cursor is said at once
    wait = parse.seconds(call.query, "wait", 0.0, LONGEST_WAIT)

    def attempt() -> bytes | None:
        items, after = _read(call, session.session_id, cursor)
        return success_bytes(_data(session, items, after)) if items else None

    def nothing() -> bytes:
        items, after = _read(call, session.session_id, cursor)
        return success_bytes(_data(session, items, after))

    if wait == 0:
        return answer(nothing())
    name, headers = session.session_id, {"Content-Type": JSON}
    parked = Wait(name, wait, attempt, nothing, lambda body: None, headers)
    return call.hold(parked, call.standing(ACTION.scope, name))


def _read(call: Call, session_id: str, cursor: int) -> tuple[list[Item], int]:
    """The responses after a cursor, and the cursor behind everything that was looked at."""
    rows = call.bridge.store.events.after(cursor, MOST, session_id)
    answers = [row for row in rows if row.kind == "response.created"]
    while not answers and len(rows) == MOST:
        rows = call.bridge.store.events.after(rows[-1].seq, MOST, session_id)
        answers = [row for row in rows if row.kind == "response.created"]
    fitting = call.bridge.feed.fitting(answers)
    events = call.bridge.feed.load(fitting, call.links)
    call.fetched(event.answer_id for event in events if event.answer_id)
    seen = fitting if len(fitting) < len(answers) else rows
    return [event.data["response"] for event in events], seen[-1].seq if seen else cursor


def _data(session: Session, items: list[Item], cursor: int) -> Item:
    return {"session_id": session.session_id, "responses": items, "cursor": str(cursor)}


ACTION = Action("responses", {"GET": get}, "visitor", "the answers to a visitor", "events")
