"""/api/v1/keys: an administrator makes, rotates and revokes API keys."""

import orjson
from flask import Blueprint, Response, request

from chat_bridge.api import guards, parse
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import MOMENT, TEXT, many, maybe, named, one_of, record
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.items import Item
from chat_bridge.domain.key_orders import Order
from chat_bridge.domain.keyring import LONGEST_OVERLAP
from chat_bridge.domain.keys import AGENT_SCOPES, PREFIX_LENGTH, SCOPES
from chat_bridge.errors import InvalidField
from chat_bridge.model import Key
from chat_bridge.model.access import ADMINISTRATOR, open_to

DAY_SECONDS = 86_400.0
FACTS = {
    "prefix": TEXT,
    "name": TEXT,
    "scopes": many(one_of(*SCOPES)),
    "agent": maybe(TEXT),
    "state": one_of("live", "expired", "revoked"),
    "expires_at": maybe(MOMENT),
    "revoked_at": maybe(MOMENT),
    "last_used_at": maybe(MOMENT),
}
KEY = named("Key", record(**FACTS))
NEW_KEY = named("NewKey", record(**FACTS, key=TEXT))
IDEMPOTENCY_KEY = maybe({"type": ["string", "integer"], "maxLength": 200})
WANTED = record(
    {
        "scopes": many(one_of(*SCOPES)),
        "agent": maybe({"type": ["string", "integer"]}),
        "idempotency_key": IDEMPOTENCY_KEY,
        "expires": maybe({**TEXT, "description": "12h, 30d, 8w or a date; never by default"}),
    },
    name=TEXT,
)
SECONDS = {"type": "number", "minimum": 0, "maximum": LONGEST_OVERLAP}
OVERLAP = record({"overlap_seconds": SECONDS, "idempotency_key": IDEMPOTENCY_KEY})


def routes(api: Blueprint, bridge: Bridge) -> None:
    @api.get("/api/v1/keys")
    @open_to(ADMINISTRATOR)
    @shape("every key, without its secret", data=record(keys=many(KEY)))
    def list_keys() -> Response:
        guards.administrator(bridge, request)
        shown = [_item(bridge, key) for key in bridge.keyring.list()]
        return success({"keys": shown}, total=len(shown))

    @api.post("/api/v1/keys")
    @open_to(ADMINISTRATOR)
    @shape("makes a key; its secret is told here only", body=WANTED, data=NEW_KEY)
    def make_key() -> Response:
        actor = guards.administrator(bridge, request)
        body = parse.json_body(request, bridge.door.max_body_bytes)
        scopes = _scopes(body)
        name = parse.text(body, "name")
        agent, expires = (parse.optional_text(body, field) for field in ("agent", "expires"))

        def make(word: str) -> str:
            issue = bridge.keyring.issue
            return issue(actor, name, scopes, agent=agent, expires=expires, word=word)

        order = _order(bridge, body, [name, sorted(scopes), agent, expires])
        return _told(bridge, bridge.key_orders.once(order, make))

    @api.post("/api/v1/keys/<prefix>/rotate")
    @open_to(ADMINISTRATOR)
    @shape("makes a successor; the old key works on for a while", body=OVERLAP, data=NEW_KEY)
    def rotate_key(prefix: str) -> Response:
        actor = guards.administrator(bridge, request)
        body = parse.optional_json_body(request, bridge.door.max_body_bytes)
        overlap = _overlap(body)
        order = _order(bridge, body, [prefix, overlap])
        rotate = bridge.keyring.rotate
        secret = bridge.key_orders.once(order, lambda word: rotate(actor, prefix, overlap, word))
        return _told(bridge, secret)

    @api.delete("/api/v1/keys/<prefix>")
    @open_to(ADMINISTRATOR)
    @shape("ends a key at once", data=KEY)
    def revoke_key(prefix: str) -> Response:
        actor = guards.administrator(bridge, request)
        bridge.keyring.revoke(actor, prefix)
        revoked = bridge.keyring.find(prefix)
        assert revoked is not None
        return success(_item(bridge, revoked))


def _scopes(body: Item) -> frozenset[str]:
    if body.get("scopes") is None:
        return AGENT_SCOPES
    found = frozenset(parse.texts(body, "scopes"))
    if not found:
        raise InvalidField(field="scopes", reason="none; leave it out for those of an agent")
    return found


def _order(bridge: Bridge, body: Item, wanted: list[object]) -> Order:
    caller = guards.bearer(request) or request.cookies.get(bridge.door.login_cookie) or ""
    key = parse.optional_text(body, "idempotency_key") or parse.idempotency_key(request)
    return Order(caller, orjson.dumps([request.path, *wanted]).decode(), key)


def _overlap(body: Item) -> float:
    """A wrong one is refused: how long an old key lives is nothing to guess at."""
    value = body.get("overlap_seconds", DAY_SECONDS)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidField(field="overlap_seconds", reason="expected a number")
    if not 0 <= value <= LONGEST_OVERLAP:
        raise InvalidField(field="overlap_seconds", reason=f"from 0 to {LONGEST_OVERLAP:.0f}")
    return float(value)


def _told(bridge: Bridge, secret: str) -> Response:
    key = bridge.keyring.find(secret[:PREFIX_LENGTH])
    assert key is not None
    return success({**_item(bridge, key), "key": secret})


def _item(bridge: Bridge, key: Key) -> Item:
    return {
        "prefix": key.prefix,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "agent": bridge.keyring.agent(key),
        "state": bridge.keyring.state(key),
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }
