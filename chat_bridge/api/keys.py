"""/api/v1/keys: an administrator makes, rotates and revokes API keys."""

from flask import Blueprint, Response, request

from chat_bridge.api import guards, parse
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import MOMENT, TEXT, many, maybe, named, one_of, record
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.items import Item
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
WANTED = record(
    {
        "scopes": many(one_of(*SCOPES)),
        "agent": maybe({"type": ["string", "integer"]}),
        "expires": maybe({**TEXT, "description": "12h, 30d, 8w or a date; never by default"}),
    },
    name=TEXT,
)
OVERLAP = record({"overlap_seconds": {"type": "number", "minimum": 0, "maximum": LONGEST_OVERLAP}})


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
        scopes = frozenset(parse.texts(body, "scopes")) or AGENT_SCOPES
        secret = bridge.keyring.issue(
            actor,
            parse.text(body, "name"),
            scopes,
            agent=parse.optional_text(body, "agent"),
            expires=parse.optional_text(body, "expires"),
        )
        return _told(bridge, secret)

    @api.post("/api/v1/keys/<prefix>/rotate")
    @open_to(ADMINISTRATOR)
    @shape("makes a successor; the old key works on for a while", body=OVERLAP, data=NEW_KEY)
    def rotate_key(prefix: str) -> Response:
        actor = guards.administrator(bridge, request)
        body = parse.optional_json_body(request, bridge.door.max_body_bytes)
        return _told(bridge, bridge.keyring.rotate(actor, prefix, _overlap(body)))

    @api.delete("/api/v1/keys/<prefix>")
    @open_to(ADMINISTRATOR)
    @shape("ends a key at once", data=KEY)
    def revoke_key(prefix: str) -> Response:
        actor = guards.administrator(bridge, request)
        bridge.keyring.revoke(actor, prefix)
        revoked = bridge.keyring.find(prefix)
        assert revoked is not None
        return success(_item(bridge, revoked))


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
