"""API keys over the wire: the command line's service, for an admin key or whoever administers."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from chat_bridge.model.access import ADMINISTRATOR
from tests.cli.programs import run
from tests.servers import RunningBridge
from tests.wire.caller import Answer, Caller
from tests.wire.identities import Identities

PATH = "/api/v1/keys"
NUMBERS = count(1)


@pytest.fixture(scope="module")
def identities(bridge: RunningBridge) -> Iterator[Identities]:
    found = Identities(bridge)
    yield found
    found.close()


@pytest.fixture(params=["admin key", "admin"])
def mary(identities: Identities, request: pytest.FixtureRequest) -> Caller:
    """An administrator, by key or by name."""
    return identities.caller(request.param, ADMINISTRATOR, identities.world)


def made(mary: Caller, **wanted: object) -> dict[str, Any]:
    return mary.call("POST", PATH, {"name": "night shift", **wanted}).data


def used(bridge: RunningBridge, key: str) -> Answer:
    return Caller(bridge.port, {"Authorization": f"Bearer {key}"}).get("inbox", peek=1)


def listed(mary: Caller, prefix: str) -> dict[str, Any]:
    answer = mary.call("GET", PATH)
    (found,) = [key for key in answer.data["keys"] if key["prefix"] == prefix]
    return dict(found)


def test_a_key_is_told_once_works_and_ends(bridge: RunningBridge, mary: Caller) -> None:
    key = made(mary, scopes=["inbox"], agent="sheets", expires="12h")
    secret = key.pop("key")
    assert (key["name"], key["scopes"], key["agent"]) == ("night shift", ["inbox"], "sheets")
    assert (key["state"], key["expires_at"][:2]) == ("live", "20")
    assert used(bridge, secret).status == 200
    shown = listed(mary, key["prefix"])
    assert shown["last_used_at"]
    assert {**shown, "last_used_at": None} == key
    assert secret.encode() not in mary.call("GET", PATH).body
    revoked = mary.call("DELETE", f"{PATH}/{key['prefix']}").data
    assert (revoked["state"], bool(revoked["revoked_at"])) == ("revoked", True)
    assert used(bridge, secret).status == 401
    assert mary.call("DELETE", f"{PATH}/{key['prefix']}").json["error_code"] == "key_not_found"


class TestARepeatedRequest:
    """Whoever lost the answer to a POST sends it again with the same `Idempotency-Key`."""

    @pytest.fixture
    def once(self) -> dict[str, str]:
        return {"Idempotency-Key": f"order-{next(NUMBERS)}"}

    def test_makes_one_key_and_tells_its_secret_again(
        self, bridge: RunningBridge, mary: Caller, once: dict[str, str]
    ) -> None:
        body = {"name": "night shift", "scopes": ["inbox"], "expires": "12h"}
        first, again = (mary.call("POST", PATH, body, headers=once).data for _ in range(2))
        assert first == again
        assert used(bridge, first["key"]).status == 200
        by_body = {**body, "idempotency_key": once["Idempotency-Key"]}
        assert mary.call("POST", PATH, by_body).data["key"] == first["key"]
        log = run("audit", "list", env=bridge.environment).stdout
        assert log.count(first["prefix"]) == 1

    def test_rotates_once(self, bridge: RunningBridge, mary: Caller, once: dict[str, str]) -> None:
        path = f"{PATH}/{made(mary)['prefix']}/rotate"
        body = {"overlap_seconds": 0}
        first, again = (mary.call("POST", path, body, headers=once).data for _ in range(2))
        assert first == again
        assert used(bridge, again["key"]).status == 200

    def test_with_another_wish_is_refused(self, mary: Caller, once: dict[str, str]) -> None:
        first = mary.call("POST", PATH, {"name": "night shift"}, headers=once).data
        others = (
            (PATH, {"name": "day shift"}),
            (PATH, {"name": "night shift", "scopes": ["admin"]}),
            (f"{PATH}/{first['prefix']}/rotate", {}),
        )
        for path, body in others:
            refused = mary.call("POST", path, body, headers=once)
            assert (refused.status, refused.json["error_code"]) == (409, "idempotency_conflict")

    def test_of_somebody_else_is_another(
        self, identities: Identities, admin: Caller, once: dict[str, str]
    ) -> None:
        grace = identities.caller("admin", ADMINISTRATOR, identities.world)
        made_by = [who.call("POST", PATH, {"name": "x"}, headers=once) for who in (admin, grace)]
        assert len({answer.data["key"] for answer in made_by}) == 2

    def test_that_was_refused_may_be_put_right(self, admin: Caller, once: dict[str, str]) -> None:
        assert admin.call("POST", PATH, {"name": ""}, headers=once).status == 400
        assert admin.call("POST", PATH, {"name": "x"}, headers=once).status == 200


def test_a_key_is_rotated_with_overlap(bridge: RunningBridge, mary: Caller) -> None:
    old = made(mary)
    new = mary.call("POST", f"{PATH}/{old['prefix']}/rotate", {"overlap_seconds": 60}).data
    assert (new["scopes"], new["expires_at"]) == (old["scopes"], None)
    assert [used(bridge, one["key"]).status for one in (old, new)] == [200, 200]
    assert listed(mary, old["prefix"])["expires_at"]
    last = mary.call("POST", f"{PATH}/{new['prefix']}/rotate", {"overlap_seconds": 0}).data
    assert [used(bridge, one["key"]).status for one in (new, last)] == [401, 200]
    assert listed(mary, new["prefix"])["state"] == "expired"


def test_whoever_did_it_is_in_the_audit_log(bridge: RunningBridge, mary: Caller) -> None:
    key = made(mary)
    successor = mary.call("POST", f"{PATH}/{key['prefix']}/rotate").data
    mary.call("DELETE", f"{PATH}/{successor['prefix']}")
    log = run("audit", "list", env=bridge.environment).stdout
    for action, prefix in (("new", key), ("rotate", key), ("revoke", successor)):
        (line,) = [
            line for line in log.splitlines() if f"key {action}" in line
            and prefix["prefix"] in line.partition(f"key {action}")[2].split("→")[0]
        ]  # fmt: skip
        assert "admin" in line
    assert key["key"] not in log


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_fields"),
        ({"name": " "}, "missing_fields"),
        ({"name": "x" * 101}, "invalid_field"),
        ({"name": "a\nb"}, "invalid_field"),
        ({"name": "x", "scopes": ["everything"]}, "invalid_field"),
        ({"name": "x", "scopes": "inbox"}, "invalid_field"),
        ({"name": "x", "scopes": []}, "invalid_field"),
        ({"name": "x", "agent": "nobody"}, "agent_not_found"),
        ({"name": "x", "expires": "yesterday"}, "invalid_field"),
        ({"name": "x", "expires": 1.5}, "invalid_field"),
        ("hello", "invalid_json"),
    ],
)
def test_a_wrong_wish_makes_no_key(admin: Caller, body: object, code: str) -> None:
    before = admin.call("GET", PATH).json["total"]
    answer = admin.call("POST", PATH, body)  # type: ignore[arg-type]  # any body of the table
    assert 400 <= answer.status < 500
    assert answer.json["error_code"] == code
    assert admin.call("GET", PATH).json["total"] == before


@pytest.mark.parametrize("overlap", [-1, "1", True, None, 1e300])
def test_a_wrong_overlap_rotates_nothing(admin: Caller, overlap: object) -> None:
    key = made(admin)
    answer = admin.call("POST", f"{PATH}/{key['prefix']}/rotate", {"overlap_seconds": overlap})
    assert (answer.status, answer.json["error_code"]) == (400, "invalid_field")
    assert listed(admin, key["prefix"])["expires_at"] is None


def test_a_key_of_the_settings_is_changed_there(admin: Caller) -> None:
    (configured, *_) = [
        key["prefix"] for key in admin.call("GET", PATH).data["keys"] if "cfg_" in key["prefix"]
    ]
    answer = admin.call("POST", f"{PATH}/{configured}/rotate", {})
    assert (answer.status, answer.json["error_code"]) == (409, "key_is_configured")


def test_a_person_has_to_send_the_form_token(identities: Identities) -> None:
    """A page of another site has the cookie sent, but cannot know the token."""
    mary = identities.caller("admin", ADMINISTRATOR, identities.world)
    token = mary.headers.pop("X-CSRF-Token")
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": token[:-1]}):
        answer = mary.call("POST", PATH, {"name": "x"}, headers=headers)
        assert (answer.status, answer.json["error_code"]) == (403, "csrf_failed")
    elsewhere = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
    assert mary.call("POST", PATH, {"name": "x"}, headers=elsewhere).status == 401
    assert mary.call("GET", PATH).status == 200
