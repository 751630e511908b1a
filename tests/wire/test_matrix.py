"""Every route × every identity, from the URL map and what each route says of itself."""

import re
from collections.abc import Iterator

import pytest

from chat_bridge.api.actions import ACTIONS
from chat_bridge.domain.keys import SCOPES
from chat_bridge.model import ROLES
from chat_bridge.model.access import Access
from tests.servers import serving
from tests.wire import url_map
from tests.wire.caller import Answer, Caller
from tests.wire.identities import IDENTITIES, KEYS, PEOPLE, VISITORS, Identities, World

OTHER_SPELLINGS = ("/api/v1", "/api/v1/index.php", "//api/v1/")
DESTROYS = re.compile(r"^DELETE|clear_data|/delete$|sign-out|/close$|/erase")
ALLOWED, HIDDEN = "allowed", 404
OTHER_404 = re.compile(rb'"error_code":"(?!session_|job_)')
SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
Route = tuple[str, str, Access]


def declared() -> Iterator[Route]:
    """The entry of the action table stands for each of its actions."""
    for method, rule, said, name in url_map.read():
        access = Access(*said) if said else None  # type: ignore[arg-type]  # as it was written out
        if access is None or rule in OTHER_SPELLINGS:
            continue
        if access.policy != "table":
            yield method, rule, access
            continue
        for action in ACTIONS.values() if name is None else (ACTIONS[name],):
            if method in action.methods:
                yield method, rule + ("" if name else f"?action={action.name}"), action.access


ROUTES = list(declared())


def expected(access: Access, who: str) -> object:
    """What the policy means for somebody: `ALLOWED`, or the status of the refusal."""
    policy, what = access.policy, access.what
    if policy == "public" or (policy in ("local", "stateless") and who not in KEYS):
        return ALLOWED
    if policy == "role":
        allowed = who in PEOPLE and ROLES.index(who) >= ROLES.index(what)
        return ALLOWED if allowed else 403 if who in PEOPLE else 303
    if policy == "visitor" and (who not in KEYS or not what):
        own = {"owner": ALLOWED, "old client's id": ALLOWED, "other visitor": HIDDEN}
        return own.get(who, 401)
    if who == "admin key" or (policy == "administrator" and who == "admin"):
        return ALLOWED
    if policy in ("admin", "administrator"):
        return 403 if policy == "administrator" and who in PEOPLE else 401
    return {"right key": ALLOWED, "wrong key": 403}.get(who, 401)


def test_every_route_says_who_may_use_it() -> None:
    """Say it where the route is: `@open_to(...)`, or `@requires(role)` for a page."""
    silent = [f"{method} {rule}" for method, rule, said, _ in url_map.read() if said is None]
    assert silent == []


def test_every_scope_and_role_that_is_asked_for_exists() -> None:
    for method, rule, access in ROUTES:
        known = ROLES if access.policy == "role" else SCOPES
        assert access.what in (*known, ""), (method, rule)


@pytest.fixture(scope="module")
def identities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Identities]:
    with serving(tmp_path_factory.mktemp("matrix")) as running:
        found = Identities(running)
        yield found
        found.close()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route[0]} {route[1]}")
def test_each_identity_gets_what_the_route_says(identities: Identities, route: Route) -> None:
    method, rule, access = route
    found: dict[str, object] = {}
    for who in IDENTITIES:
        world = identities.world
        answer = ask(identities.caller(who, access, world), method, rule, world.seen_by(who))
        found[who] = verdict(access, answer)
        if found[who] == ALLOWED and DESTROYS.search(f"{method} {rule}"):
            identities.begin_anew()
    wanted = {who: expected(access, who) for who in IDENTITIES}
    if rule == "/ws":  # whoever has presented nothing may still do so in the first frame
        wanted["anonymous"] = ALLOWED
    assert found == wanted


def ask(who: Caller, method: str, rule: str, names: World) -> Answer:
    values = {
        "session_id": names.session, "name": "list.csv", "job_id": names.job, "version": "0",
        "kind": "message",
    }  # fmt: skip
    path = re.sub(r"<(?:[^<>]+:)?(\w+)>", lambda m: values.get(m[1], "987654"), rule)
    query = f"session_id={names.session}&peek=1"
    own = {"Origin": f"http://127.0.0.1:{who.port}"}
    headers = {"Content-Type": "application/json", **(SOCKET | own if rule == "/ws" else {})}
    body = {"session_id": names.session, "message": "hi", "response": "hi", "response_id": "r"}
    separator = "&" if "?" in path else "?"
    path = path if path.startswith("/static") else f"{path}{separator}{query}"
    return who.call(method, path, body if method == "POST" else None, headers=headers)


def verdict(access: Access, answer: Answer) -> object:
    """Whoever is let in may still be told that the request makes no sense."""
    assert answer.status < 500, answer.body
    if access.policy == "role":
        to_login = str(answer.headers["Location"]).startswith("/login?next=")
        if answer.status == 401 and b"Authentication required" in answer.body:
            return 303  # programs are told, browsers are sent to sign in
        if b'name="next" value="/admin/"' in answer.body:
            return 303  # asked in place
        return answer.status if to_login or answer.status == 403 else ALLOWED
    if access.policy == "visitor" and answer.status == HIDDEN:
        return ALLOWED if OTHER_404.search(answer.body) else HIDDEN
    return answer.status if answer.status in (401, 403) else ALLOWED


def test_nobody_is_left_out() -> None:
    assert set(IDENTITIES) == {*VISITORS, *KEYS, *PEOPLE}
    assert len(ROUTES) > 60
