"""What the sockets are given: who may listen, from where, and what a message does."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import orjson

from chat_bridge.api import guards
from chat_bridge.api.actions.messages import accept
from chat_bridge.domain import items
from chat_bridge.domain.addresses import network
from chat_bridge.domain.bridge import Bridge, Door
from chat_bridge.errors import BridgeError, MissingSessionId, NotAllowed, Unauthenticated
from chat_bridge.model import Event
from chat_bridge.push.credentials import Authorise, Credentials, PostMessage, Subscriber
from chat_bridge.push.feed import EVERYTHING


def encode(event: Event) -> bytes:
    return orjson.dumps(items.event_item(event))


def authorising(bridge: Bridge) -> Authorise:
    def authorise(session_id: str | None, credentials: Credentials) -> Subscriber:
        if credentials.desk:
            return _operator(bridge, credentials)
        if credentials.key is not None:
            key = bridge.keys.authorise(
                credentials.key, "events", network(credentials.visitor.ip or "")
            )
            if session_id is None:
                if key.agent_id is not None:
                    raise MissingSessionId
                return Subscriber(EVERYTHING, None, True, credentials)
            session = guards.for_key(bridge, key, session_id)
            return Subscriber(session.session_id, session.session_id, True, credentials)
        if session_id is None:
            raise MissingSessionId
        credentials = known(bridge, credentials)
        session = bridge.sessions.authorise(session_id, credentials.visitor)
        return Subscriber(session.session_id, session.session_id, False, credentials)

    return authorise


def _operator(bridge: Bridge, credentials: Credentials) -> Subscriber:
    """Whoever may read the console hears all of it."""
    credentials = known(bridge, credentials)
    person = credentials.visitor.person
    if person is None:
        raise Unauthenticated
    if not person.may("viewer"):
        raise NotAllowed
    return Subscriber(EVERYTHING, None, True, credentials, operator=True)


def known(bridge: Bridge, credentials: Credentials) -> Credentials:
    """With the person whom the sign-in names now, if it still does. An open socket alone keeps
    nobody signed in."""
    found = bridge.logins.signed_in(credentials.login, using=False) if credentials.login else None
    person = found.person if found and not found.person.must_change_password else None
    return replace(credentials, visitor=replace(credentials.visitor, person=person))


def posting(bridge: Bridge) -> PostMessage:
    def post(body: dict[str, Any], credentials: Credentials) -> tuple[int, dict[str, Any]]:
        try:
            visitor = known(bridge, credentials).visitor
            return 200, {"data": accept(bridge, body, visitor)}
        except BridgeError as error:
            told = {"error": error.message, "error_code": error.code, "details": error.details}
            return error.status, told

    return post


def own_address(door: Door) -> Callable[[str], bool]:
    """A page may open a socket to the host it came from. Names have to be ours, or a page of a
    name rebound to this address could; an address cannot be rebound."""

    def trusted(host: str) -> bool:
        try:
            ip_address(host.rsplit(":", 1)[0].strip("[]"))
        except ValueError:
            return door.trusts(host)
        return True

    return trusted
