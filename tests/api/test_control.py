"""/api/users, /api/agents and /api/system-config, as bridge.md 5.3 has them."""

import json
from itertools import count

import pytest

from tests import people
from tests.people import PASSWORD, Session
from tests.servers import RunningBridge

NUMBERS = count(1)


@pytest.fixture(scope="module")
def admin(bridge: RunningBridge) -> Session:
    return signed_in(bridge, "admin")


def signed_in(bridge: RunningBridge, role: str) -> Session:
    return Session(bridge.port).sign_in(people.add(bridge, f"{role}{next(NUMBERS)}", role))


def new_user(admin: Session, **more: object) -> dict[str, object]:
    name = f"user{next(NUMBERS)}"
    body = {"username": name, "email": f"{name}@example.net", "role": "user", **more}
    made = admin.call("POST", "/api/users", body)
    assert made.status == 201, made.text
    return dict(made.json)


class TestWhoMay:
    ROUTES = (
        ("GET", "/api/users"), ("POST", "/api/users"), ("PUT", "/api/users/1"),
        ("DELETE", "/api/users/1"), ("PUT", "/api/agents/1"), ("GET", "/api/system-config"),
        ("PUT", "/api/system-config"), ("POST", "/api/cleanup-sessions"),
    )  # fmt: skip

    @pytest.mark.parametrize("role", ["user", "viewer", "operator"])
    def test_only_administrators(self, bridge: RunningBridge, role: str) -> None:
        caller = signed_in(bridge, role)
        for method, path in self.ROUTES:
            refused = caller.call(method, path, None if method == "GET" else {"x": "y"})
            assert (refused.status, refused.json["error"]) == (403, "Insufficient permissions")
        assert caller.call("GET", "/api/agents").status == 200

    def test_a_stranger_is_asked_for_a_sign_in(self, bridge: RunningBridge) -> None:
        for method, path in (*self.ROUTES, ("GET", "/api/agents")):
            refused = Session(bridge.port).call(method, path, None if method == "GET" else {})
            assert (refused.status, refused.json["error"]) == (401, "Authentication required")
        stale = Session(bridge.port, {"cb_login": "x" * 43}).call("GET", "/api/users")
        assert (stale.status, stale.json["error"]) == (401, "Session expired")

    def test_keys_do_not_count_here(self, bridge: RunningBridge) -> None:
        key = f"Bearer {bridge.admin_key}"
        assert Session(bridge.port).call("GET", "/api/users", Authorization=key).status == 401

    @pytest.mark.parametrize("headers", [
        {"X_CSRF_Token": ""}, {"X_CSRF_Token": "wrong"}, {"Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "same-site"},
    ])  # fmt: skip
    def test_whatever_changes_something_carries_the_form_token(
        self, admin: Session, headers: dict[str, str]
    ) -> None:
        for method, path in (("PUT", "/api/system-config"), ("POST", "/api/users")):
            refused = admin.call(method, path, {"forged": "yes"}, **headers)
            assert (refused.status, refused.json["error_code"]) == (403, "csrf_failed")
        assert "forged" not in admin.call("GET", "/api/system-config").json

    def test_a_form_is_no_json(self, admin: Session) -> None:
        kind = "application/x-www-form-urlencoded"
        refused = admin.call("POST", "/api/users", b"username=x", Content_Type=kind)
        assert (refused.status, refused.headers["Content-Type"]) == (415, "application/json")

    def test_no_other_origin_reads_them(self, admin: Session) -> None:
        read = admin.call("GET", "/api/users", Origin="https://evil.example")
        assert "Access-Control-Allow-Origin" not in read.headers
        assert (read.headers["Cache-Control"], read.headers["Vary"]) == (
            "no-store",
            "Origin, Cookie",
        )
        page = admin.call("GET", "/account").headers
        assert (page["Cache-Control"], page["Vary"]) == ("no-store", "Accept-Encoding, Cookie")


class TestUsers:
    def test_a_user_from_post_to_delete(self, admin: Session) -> None:
        made = new_user(admin, password=PASSWORD)
        assert set(made) == {"id", "username", "email", "role", "message"}
        (listed,) = [u for u in admin.call("GET", "/api/users").json if u["id"] == made["id"]]
        assert set(listed) == {
            "id", "username", "email", "role", "is_active", "last_login", "created_at",
            "permissions",
        }  # fmt: skip
        path = f"/api/users/{made['id']}"
        saved = admin.call("PUT", path, {"role": "viewer", "permissions": ["read"]})
        assert set(saved.json) == {"id", "username", "email", "role", "is_active", "message"}
        assert (saved.status, saved.json["role"], saved.json["is_active"]) == (200, "viewer", True)
        gone = admin.call("DELETE", path)
        assert (gone.status, set(gone.json)) == (200, {"message"})
        assert made["id"] not in [u["id"] for u in admin.call("GET", "/api/users").json]
        closed = admin.call("GET", "/api/users?active=false").json
        assert [u["permissions"] for u in closed if u["id"] == made["id"]] == [["read"]]
        assert admin.call("PUT", path, {"is_active": True}).json["is_active"] is True

    def test_search_and_role_narrow_the_list(self, admin: Session) -> None:
        made = new_user(admin, role="operator")
        found = admin.call("GET", f"/api/users?search={made['username']}&role=operator").json
        assert [user["id"] for user in found] == [made["id"]]
        assert admin.call("GET", f"/api/users?search={made['username']}&role=viewer").json == []

    def test_without_a_password_one_is_made_up_for_the_first_sign_in(
        self, bridge: RunningBridge, admin: Session
    ) -> None:
        made = new_user(admin)
        caller = Session(bridge.port)
        caller.sign_in(str(made["username"]), str(made["password"]))
        held = caller.call("GET", "/api/agents")
        assert (held.status, held.json["error_code"]) == (403, "password_change_required")

    @pytest.mark.parametrize(("body", "status", "said"), [
        ({}, 400, "Missing required fields"),
        ({"username": "x", "email": "x@example.org"}, 400, "Missing required fields"),
        ({"username": "x", "email": "x@example.org", "role": "king"}, 400, "role"),
        ({"username": "x y", "email": "x@example.org", "role": "user"}, 400, "username"),
        ({"username": "x", "email": "nowhere", "role": "user"}, 400, "email"),
        ({"username": "x", "email": "x@example.org", "role": "user", "password": "short"}, 400,
         "at least 8"),
        ({"username": ["x"], "email": "x@example.org", "role": "user"}, 400, "username"),
    ])  # fmt: skip
    def test_bad_input_is_said(
        self, admin: Session, body: dict[str, object], status: int, said: str
    ) -> None:
        refused = admin.call("POST", "/api/users", body)
        assert (refused.status, said in refused.json["error"]) == (status, True)

    def test_names_are_taken_once_and_strangers_unknown(self, admin: Session) -> None:
        made = new_user(admin)
        again = admin.call("POST", "/api/users", {**made, "email": "other@example.org"})
        assert (again.status, again.json["error"]) == (409, "Username or email already exists")
        for method in ("PUT", "DELETE"):
            unknown = admin.call(method, "/api/users/999999", {"role": "user"})
            assert (unknown.status, unknown.json["error"]) == (404, "User not found")

    def test_permissions_are_given_with_the_account(self, admin: Session) -> None:
        made = new_user(admin, permissions=["read", "write"])
        (shown,) = admin.call("GET", f"/api/users?search={made['username']}").json
        assert shown["permissions"] == ["read", "write"]

    @pytest.mark.parametrize("path", ["/api/users", "/api/agents", "/admin/users"])
    def test_no_number_is_too_large_to_be_unknown(self, admin: Session, path: str) -> None:
        for number in (2**63, 10**25):
            assert admin.call("PUT", f"{path}/{number}", {"name": "x"}).status in (404, 405)
            assert admin.call("GET", f"{path}/{number}").status in (404, 405)

    @pytest.mark.parametrize("body", [
        {"is_active": "no"}, {"permissions": {"a": 1}}, {"permissions": "not json"},
        {"permissions": [None]}, {"role": None},
    ])  # fmt: skip
    def test_hostile_changes_are_400(self, admin: Session, body: dict[str, object]) -> None:
        made = new_user(admin)
        refused = admin.call("PUT", f"/api/users/{made['id']}", body)
        assert (refused.status, "error" in refused.json) == (400, True)

    def test_a_new_role_or_password_ends_the_sign_in(
        self, bridge: RunningBridge, admin: Session
    ) -> None:
        for change in ({"role": "viewer"}, {"password": "red tractors at noon"},
                       {"is_active": False}):  # fmt: skip
            made = new_user(admin, password=PASSWORD)
            caller = Session(bridge.port).sign_in(str(made["username"]))
            assert caller.call("GET", "/api/agents").status == 200
            assert admin.call("PUT", f"/api/users/{made['id']}", change).status == 200
            ended = caller.call("GET", "/api/agents")
            assert (ended.status, ended.json["error"]) == (401, "Session expired")


class TestAgents:
    def test_the_list_has_the_founding_fields(self, admin: Session) -> None:
        agents = admin.call("GET", "/api/agents").json
        assert {"id", "name", "description", "status", "letta_uid"} <= set(agents[0])

    def test_they_are_neither_made_nor_removed_here(self, admin: Session) -> None:
        assert admin.call("POST", "/api/agents", {"name": "x"}).status == 405
        assert admin.call("DELETE", "/api/agents/1").status == 405

    @pytest.mark.parametrize("as_text", [False, True])
    def test_whom_one_may_not_see_one_cannot_write_to(
        self, bridge: RunningBridge, admin: Session, as_text: bool
    ) -> None:
        agents = admin.call("GET", "/api/agents?all=1").json
        (default,) = [agent for agent in agents if agent["slug"] == "default"]
        path = f"/api/agents/{default['id']}"
        roles = json.dumps(["operator"]) if as_text else ["operator"]
        closed = admin.call("PUT", path, {"visible_to_roles": roles})
        assert (closed.status, closed.json["visible_to_roles"]) == (200, ["operator"])
        try:
            guest, operator = Session(bridge.port), signed_in(bridge, "operator")
            assert sees(guest) == sees(admin) == (False, False)
            assert sees(operator) == (True, True)
            for caller, status in ((guest, 404), (operator, 200)):
                opened = caller.call("POST", "/api/v1/sessions", {"agent_id": "default"})
                assert opened.status == status
            body = {"session_id": f"session_hidden{next(NUMBERS)}", "message": "Hello?"}
            refused = guest.call(
                "POST", "/api/v1/?action=messages", {**body, "agent_id": "default"}
            )
            assert (refused.status, refused.json["error_code"]) == (404, "agent_not_found")
            assert guest.call("POST", "/api/v1/?action=messages", body).status == 200
        finally:
            assert admin.call("PUT", path, {"visible_to_roles": []}).status == 200

    def test_each_change_keeps_the_ones_before_in_every_process(self, admin: Session) -> None:
        """Two processes answer in turn: none of them may write back what it remembers."""
        try:
            for number in range(8):
                said = {"description": f"change {number}"}
                roles = {"visible_to_roles": ["operator"] if number % 2 else ["viewer", "admin"]}
                admin.call("PUT", "/api/agents/1", said)
                admin.call("PUT", "/api/agents/1", roles)
                found = admin.call("PUT", "/api/agents/1", {"status": "active"}).json
                assert {**said, **roles}.items() <= found.items()
                (listed,) = [a for a in admin.call("GET", "/api/agents?all=1").json if a["id"] == 1]
                assert listed.items() <= found.items()
        finally:
            admin.call("PUT", "/api/agents/1", {"visible_to_roles": []})

    def test_an_agent_is_hidden_at_once_in_every_process(
        self, bridge: RunningBridge, admin: Session
    ) -> None:
        viewer, guest = signed_in(bridge, "viewer"), Session(bridge.port)
        for roles in (["operator"], [], ["operator"], []):
            admin.call("PUT", "/api/agents/2", {"visible_to_roles": roles})
            for _ in range(3):
                shown = [one["id"] for one in viewer.call("GET", "/api/agents").json]
                assert (2 in shown) == (not roles)
                assert sees(guest) == (not roles, not roles)
                opened = guest.call("POST", "/api/v1/sessions", {"agent_id": "default"})
                assert opened.status == (404 if roles else 200)

    @pytest.mark.parametrize("status", ["busy", "away for lunch"])
    def test_a_status_in_ones_own_words_hides_nobody(self, admin: Session, status: str) -> None:
        try:
            saved = admin.call("PUT", "/api/agents/1", {"status": status}).json
            assert (saved["status"], saved["is_active"]) == (status, True)
            (shown,) = [one for one in admin.call("GET", "/api/agents").json if one["id"] == 1]
            assert shown["status"] == status
            closed = admin.call("PUT", "/api/agents/1", {"is_active": False}).json
            assert (closed["status"], closed["is_active"]) == ("inactive", False)
        finally:
            admin.call("PUT", "/api/agents/1", {"is_active": True})

    @pytest.mark.parametrize("body", [
        {"visible_to_users": {"a": 1}}, {"visible_to_roles": "["}, {"is_active": 1}, {"name": ""},
        {"description": ["x"]},
    ])  # fmt: skip
    def test_hostile_changes_are_400(self, admin: Session, body: dict[str, object]) -> None:
        assert admin.call("PUT", "/api/agents/1", body).status == 400
        assert admin.call("PUT", "/api/agents/999", {"name": "x"}).status == 404


def sees(caller: Session) -> tuple[bool, bool]:
    """Whether the default agent is offered: over the API and on the page."""
    offered = caller.call("GET", "/api/v1/agents").json["data"]["agents"]
    return "default" in [one["slug"] for one in offered], "agent=default" in caller.page("/?new=1")


class TestSystemConfig:
    def test_any_key_is_kept_as_text_and_secrets_are_masked(self, admin: Session) -> None:
        values = {"flask_port": 5_001, "flag": True, "openai_api_key": "sk-secret", "nothing": None}
        saved = admin.call("PUT", "/api/system-config", values)
        assert (saved.status, set(saved.json)) == (200, {"message"})
        shown = admin.call("GET", "/api/system-config").json
        assert (shown["flask_port"], shown["flag"], shown["nothing"]) == ("5001", "True", "None")
        assert shown["openai_api_key"] == shown["api_key"] == shown["admin_key"] == "********"
        again = admin.call("PUT", "/api/system-config", {"openai_api_key": "********"})
        assert again.status == 200

    @pytest.mark.parametrize("body", [{"setup_code": "x"}, {" ": "x"}, {"a" * 101: "x"}, {}])
    def test_what_is_no_setting_is_refused(self, admin: Session, body: dict[str, str]) -> None:
        assert admin.call("PUT", "/api/system-config", body).status == 400

    def test_ended_sign_ins_are_cleaned_up(self, admin: Session) -> None:
        done = admin.call("POST", "/api/cleanup-sessions", {})
        assert (done.status, "message" in done.json) == (200, True)
