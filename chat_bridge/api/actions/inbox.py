"""GET ?action=inbox leases what waits; POST ack, nack, extend and redrive say what became of it."""

import orjson
from flask import Response

from chat_bridge.api import parse
from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import JSON, success, success_bytes
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import DELIVERY, PAGES
from chat_bridge.api.shapes.kinds import (
    CURSOR,
    MOMENT,
    TEXT,
    WHOLE,
    many,
    maybe,
    number,
    one_of,
    record,
)
from chat_bridge.domain import items, times
from chat_bridge.domain.inbox import Inbox, Page, Poll
from chat_bridge.domain.items import Item
from chat_bridge.errors import MissingFields
from chat_bridge.ports import Wait

NEW_STYLE = frozenset({"wait", "lease", "agent", "after_id", "peek"})
PLUGIN = "Broca2-WebChat-Plugin"
LONGEST_WAIT = 50.0
LEASE_SECONDS, LONGEST_LEASE = 30.0, 43_200.0
GIVEN_BACK = "given back by the agent"
DONE = many(WHOLE)
SPAN = {"type": "number", "minimum": 0, "maximum": LONGEST_LEASE}
IDS = {**many({"type": ["integer", "string"]}), "maxItems": 100}
NAMED = {"receipts": {**many(TEXT), "maxItems": 100}, "receipt": TEXT, "ids": IDS}
NAMES = record({**NAMED, "reply": one_of("none")})


@shape(
    "leases the messages that wait for an agent",
    query={
        "limit": number(0, 100, 50),
        "offset": {**WHOLE, "description": "accepted, and treated as 0"},
        "since": TEXT,
        "wait": number(0.0, LONGEST_WAIT, 0),
        "lease": number(1.0, LONGEST_LEASE, LEASE_SECONDS),
        "agent": TEXT,
        "after_id": WHOLE,
        "peek": one_of("1", "true"),
    },
    data=record(messages=many(DELIVERY), pagination=PAGES, cursor=CURSOR),
)
def get(call: Call) -> Response:
    poll = _poll(call)
    inbox = call.bridge.inbox
    if call.query.get("peek") in ("1", "true") or poll.limit == 0:
        return success(_data(inbox.peek(poll), poll))
    page = inbox.claim(poll)
    wait = parse.seconds(call.query, "wait", 0.0, LONGEST_WAIT)
    if page.deliveries or wait == 0 or poll.probe:
        return success(_data(page, poll))
    return call.hold(_wait(inbox, poll, wait), call.standing("inbox"))


def _poll(call: Call) -> Poll:
    query = call.query
    key = call.key("inbox")
    limit = parse.whole(query, "limit", 50, low=1, high=100) if query.get("limit") != "0" else 0
    since = times.milliseconds(query.get("since", ""))
    if query.keys() & NEW_STYLE:
        lease = parse.seconds(query, "lease", LEASE_SECONDS, LONGEST_LEASE)
        after = parse.whole(query, "after_id", 0, low=0, high=2**62)
        agent = query.get("agent") or None
        return Poll(key, limit, max(lease, 1.0), agent, after, since)
    plugin = call.request.headers.get("User-Agent", "").startswith(PLUGIN)
    return Poll(
        key,
        limit,
        call.bridge.settings.live.now().legacy_lease,
        since=since,
        style="plugin" if plugin else "legacy",
        probe=plugin and limit == 1,
    )


def _wait(inbox: Inbox, poll: Poll, seconds: float) -> Wait:
    def attempt() -> bytes | None:
        page = inbox.claim(poll)
        return success_bytes(_data(page, poll)) if page.deliveries else None

    def unsent(body: bytes) -> None:
        # The poller has gone: what it was to get waits for the next one, this attempt not counted.
        receipts = [item["receipt"] for item in orjson.loads(body)["data"]["messages"]]
        if receipts:
            inbox.undo(poll.key, receipts)

    def nothing() -> bytes:
        return success_bytes(_data(Page([], 0), poll))

    topic = f"inbox:{poll.key.agent_id or '*'}:{poll.agent or ''}"
    return Wait(topic, seconds, attempt, nothing, unsent, {"Content-Type": JSON})


def _data(page: Page, poll: Poll) -> Item:
    shown = [items.inbox_item(delivery) for delivery in page.deliveries]
    last = max((item["id"] for item in shown), default=poll.after_id)
    pagination = {
        "total": page.total,
        "limit": poll.limit,
        "offset": 0,
        "has_more": page.total > len(shown),
    }
    return {"messages": shown, "pagination": pagination, "cursor": str(last)}


@shape("done with leased messages, without a reply", body=NAMES, data=record(acknowledged=DONE))
def ack(call: Call) -> Response:
    key, names = call.key("inbox"), _names(call)
    done = call.bridge.inbox.acknowledge(key, names)
    return success({"acknowledged": done})


@shape(
    "gives leased messages back, perhaps with a delay",
    body=record({**NAMED, "delay": SPAN, "reason": maybe(TEXT)}),
    data=record(released=DONE),
)
def nack(call: Call) -> Response:
    key, names = call.key("inbox"), _names(call)
    delay = parse.seconds(call.body, "delay", 0.0, LONGEST_LEASE)
    reason = parse.optional_text(call.body, "reason", 500) or GIVEN_BACK
    released = call.bridge.inbox.give_back(key, names, delay_seconds=delay, reason=reason)
    return success({"released": released})


@shape(
    "asks for a longer lease",
    body=record({**NAMED, "lease": SPAN}),
    data=record(lease_expires_at=MOMENT),
)
def extend(call: Call) -> Response:
    key, names = call.key("inbox"), _names(call)
    lease = max(parse.seconds(call.body, "lease", LEASE_SECONDS, LONGEST_LEASE), 1.0)
    expires = call.bridge.inbox.extend(key, names, lease)
    return success({"lease_expires_at": expires})


@shape("brings dead letters back", body=record({"ids": IDS}), data=record(redriven=DONE))
def redrive(call: Call) -> Response:
    key = call.key("inbox")
    body = parse.optional_json_body(call.request, call.bridge.door.max_body_bytes)
    redriven = call.bridge.inbox.redrive(key, parse.numbers(body, "ids"))
    return success({"redriven": redriven})


def _names(call: Call) -> list[str | int]:
    """Receipts or ids, one or many."""
    body = call.body
    single = parse.optional_text(body, "receipt")
    receipts = parse.texts(body, "receipts") + ((single,) if single else ())
    names: list[str | int] = [*receipts, *parse.numbers(body, "ids")]
    if not names:
        raise MissingFields
    return names


ACTIONS = (
    Action("inbox", {"GET": get}, "inbox", "leases the messages that wait for an agent"),
    Action("ack", {"POST": ack}, "inbox", "done with leased messages, without a reply"),
    Action("nack", {"POST": nack}, "inbox", "gives leased messages back, perhaps with a delay"),
    Action("extend", {"POST": extend}, "inbox", "asks for a longer lease"),
    Action("redrive", {"POST": redrive}, "inbox", "brings dead letters back"),
)
