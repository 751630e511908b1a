"""Who calls: an API key, or a visitor with the secret of their browser."""

import re
from dataclasses import replace
from hmac import compare_digest
from ipaddress import ip_address

from flask import Request

from chat_bridge.domain.addresses import network
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.items import Links
from chat_bridge.domain.origins import foreign
from chat_bridge.errors import (
    FormExpired,
    InvalidAdminKey,
    InvalidKey,
    InvalidSessionId,
    MissingScope,
    NotAllowed,
    SessionNotFound,
    Unauthenticated,
)
from chat_bridge.model import HOLDERS, Key, Person, Session, SignedIn, Visitor
from chat_bridge.ports import Standing

SESSION_ID = re.compile(r"session_\w{1,56}", re.ASCII)
ANY_SESSION_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)

SAFE = ("GET", "HEAD", "OPTIONS")
PROXIED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


def address(request: Request) -> str:
    return network(request.remote_addr or "")


def is_here(request: Request) -> bool:
    """Whether a program of this machine calls; a proxy on it calls for everybody, and says so."""
    if any(name in request.headers for name in PROXIED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def bearer(request: Request) -> str | None:
    header = request.headers.get("Authorization", "")
    return header[7:] if header.startswith("Bearer ") else None


def key(bridge: Bridge, request: Request, scope: str) -> Key:
    secret = bearer(request)
    if not secret:
        raise Unauthenticated
    return bridge.keys.authorise(secret, scope, address(request))


def admin(bridge: Bridge, request: Request) -> Key:
    """Whatever else a key may do, here it is no key."""
    try:
        return key(bridge, request, "admin")
    except (InvalidKey, MissingScope) as error:
        raise InvalidAdminKey from error


def administrator(bridge: Bridge, request: Request) -> str:
    """Who administers, as the audit log calls them: the holder of an admin key, or a person, whose
    browser has to send the form token along with what changes something."""
    if bearer(request) is not None or not request.cookies.get(bridge.door.login_cookie):
        return admin(bridge, request).actor
    found = signed_in(bridge, request)
    if found is None:
        raise Unauthenticated
    if found.person.must_change_password or not found.person.may("admin"):
        raise NotAllowed
    given = request.headers.get("X-CSRF-Token", "")
    if request.method not in SAFE and not compare_digest(given.encode(), found.csrf.encode()):
        raise FormExpired
    return found.person.actor


def visitor(bridge: Bridge, request: Request) -> Visitor:
    header = request.headers.get("X-Session-Token")
    cookie = request.cookies.get(bridge.door.cookie_name)
    return Visitor(
        secret=header or cookie,
        by_cookie=not header and bool(cookie),
        ip=request.remote_addr,
        user_agent=request.headers.get("User-Agent"),
        person=person(bridge, request),
    )


def signed_in(bridge: Bridge, request: Request) -> SignedIn | None:
    """Whoever signed in in this browser. A page of another site does not speak for them."""
    token = request.cookies.get(bridge.door.login_cookie)
    if not token or (request.method not in SAFE and from_elsewhere(bridge, request)):
        return None
    return bridge.logins.signed_in(token)


def person(bridge: Bridge, request: Request) -> Person | None:
    """Whoever must change their password first may do nothing else."""
    found = signed_in(bridge, request)
    return found.person if found and not found.person.must_change_password else None


def from_elsewhere(bridge: Bridge, request: Request) -> bool:
    own = bridge.door.own_hosts(request.host)
    return foreign(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site"), own)


def session_id(text: str) -> str:
    if not SESSION_ID.fullmatch(text):
        raise InvalidSessionId
    return text


def any_session_id(text: str) -> str:
    """The founding servers' scripts make ids of their own under /chat/api/."""
    if not ANY_SESSION_ID.fullmatch(text):
        raise InvalidSessionId
    return text


def session(bridge: Bridge, request: Request, name: str, scope: str) -> Session:
    """A session for whoever may see it: its visitor, or a key with the scope for an agent that
    took part in it."""
    secret = bearer(request)
    if not secret:
        return bridge.sessions.authorise(name, visitor(bridge, request))
    return for_key(bridge, bridge.keys.authorise(secret, scope, address(request)), name)


def standing(bridge: Bridge, request: Request, scope: str, name: str | None) -> Standing | None:
    """What ends before its time a request that waits: the key, or the sign-in, that let it in."""
    secret = bearer(request)
    if secret:
        return Standing(HOLDERS, lambda: _still_key(bridge, secret, scope, name))
    caller, token = visitor(bridge, request), request.cookies.get(bridge.door.login_cookie, "")
    if caller.person is None or name is None:
        return None

    def check() -> None:
        found = bridge.logins.signed_in(token, using=False)
        person = found.person if found and not found.person.must_change_password else None
        bridge.sessions.authorise(name, replace(caller, person=person))

    return Standing(caller.person.who, check)


def _still_key(bridge: Bridge, secret: str, scope: str, name: str | None) -> None:
    holder = bridge.keys.authorise(secret, scope)
    if name is not None:
        for_key(bridge, holder, name)


def for_key(bridge: Bridge, holder: Key, name: str) -> Session:
    found = bridge.sessions.find(name)
    if holder.agent_id is not None and not bridge.agents.took_part(holder.agent_id, found):
        raise SessionNotFound
    return found


def links(bridge: Bridge, request: Request) -> Links:
    """Absolute URLs from the public URL, or from a host we trust; never from a hostile one."""
    if bridge.door.public_url:
        return Links(bridge.door.public_url)
    trusted = bridge.door.trusts(request.host)
    return Links(f"{request.scheme}://{request.host}" if trusted else "")
