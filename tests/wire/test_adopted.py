"""A server on the database of another control program, and that program beside it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import bcrypt
import pytest

from tests import founding, people
from tests.patience import await_true
from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Caller

THEIRS = "an-agent-key-of-theirs"


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    folder = tmp_path_factory.mktemp("adopted")
    file = founding.make(folder / "db" / "sanctum_ui.db", founding.CONTROL)
    running = RunningBridge(folder / "data", {"CHAT_BRIDGE_DATABASE": str(file)})
    yield running.start()
    running.stop()


def file(running: RunningBridge) -> Path:
    return Path(running.settings["CHAT_BRIDGE_DATABASE"])


def agent(running: RunningBridge, key: str) -> Caller:
    return Caller(running.port, {"Authorization": f"Bearer {key}"})


def wait_for(call: Caller, path: str, text: str) -> None:
    await_true(lambda: text in call.call("GET", path).body.decode())


def test_its_key_opens_and_its_default_does_not(adopted: RunningBridge) -> None:
    assert agent(adopted, THEIRS).call("GET", "/api/v1/?action=inbox&peek=1").status == 200
    for known in ("FreeUkra1ne", "ObeyG1ant"):
        assert agent(adopted, known).call("GET", "/api/v1/?action=config").status == 401


def test_its_visitor_goes_on(adopted: RunningBridge) -> None:
    ada = Caller(adopted.port)
    shown = ada.call("GET", "/api/v1/?action=responses&session_id=session_ada").data["responses"]
    assert [item["response"] for item in shown] == ["Another", "Answer"]
    said = ada.call(
        "POST", "/api/v1/?action=messages", {"session_id": "session_ada", "message": "Again"},
        headers={"Content-Type": "application/json"},
    ).data  # fmt: skip
    assert (said["uid"], said["is_new_user"]) == ("00000000000000ad", False)


def test_what_it_writes_arrives(adopted: RunningBridge) -> None:
    with closing(sqlite3.connect(file(adopted))) as theirs, theirs:
        theirs.execute(founding.OPENS["control"], ("session_mary",))
        theirs.execute(founding.SAYS["control"], ("session_mary", "From their page"))
        theirs.execute(founding.ANSWERS["control"], ("session_mary", "From their agent"))
    inbox = agent(adopted, THEIRS).call("GET", "/api/v1/?action=inbox&wait=5").data["messages"]
    assert "From their page" in [item["message"] for item in inbox]
    wait_for(Caller(adopted.port), "/api/v1/?action=events&session_id=session_mary&cursor=0",
             "From their agent")  # fmt: skip


def test_a_key_and_a_setting_that_it_changes_count_at_once(adopted: RunningBridge) -> None:
    with closing(sqlite3.connect(file(adopted))) as theirs, theirs:
        theirs.execute("UPDATE system_config SET config_value = 'their-next-key' WHERE id = 1")
        theirs.execute(
            "INSERT INTO system_config (config_key, config_value)"
            " VALUES ('max_message_length', '5')"
        )
    theirs_before = agent(adopted, THEIRS)
    await_true(lambda: theirs_before.call("GET", "/api/v1/?action=inbox&peek=1").status == 401)
    ada = Caller(adopted.port)
    body = {"session_id": "session_ada", "message": "Too long by far"}
    json = {"Content-Type": "application/json"}
    await_true(
        lambda: ada.call("POST", "/api/v1/?action=messages", body, headers=json).status == 400
    )
    assert agent(adopted, "their-next-key").call("GET", "/api/v1/?action=inbox").status == 200
    assert agent(adopted, THEIRS).call("GET", "/api/v1/?action=inbox").status == 401
    admin = caller.admin(adopted)
    refused = admin.post("config", {"session_timeout": "soon"})
    assert (refused.status, "whole number" in refused.error) == (400, True)


def test_its_administrator_signs_in_with_the_password_they_have(adopted: RunningBridge) -> None:
    kept = bcrypt.hashpw(b"blue horses", bcrypt.gensalt(4)).decode()
    with closing(sqlite3.connect(file(adopted))) as theirs, theirs:
        theirs.execute("UPDATE users SET password_hash = ? WHERE username = 'admin'", (kept,))
    browser = people.Session(adopted.port)
    refused = browser.form("/login", username="admin", password="admin123")
    assert (refused.status, "Invalid username or password" in refused.text) == (200, True)
    browser.sign_in("admin", "blue horses")
    assert browser.call("GET", "/admin/").status == 200
    uids = [one["letta_uid"] for one in browser.call("GET", "/api/agents").json]
    assert {"agent-uid-1", "agent-uid-2"} <= set(uids)
    new = {"username": "grace", "email": "grace@example.org", "role": "viewer"}
    assert browser.call("POST", "/api/users", new).status == 201
    shown = {one["username"]: one for one in browser.call("GET", "/api/users").json}
    assert re.fullmatch(r"[\d-]{10}T[\d:.]{12}Z", shown["admin"]["last_login"])
    with closing(sqlite3.connect(file(adopted))) as theirs:
        columns = "SELECT password_hash, last_login FROM users WHERE username = 'admin'"
        password, entered = theirs.execute(columns).fetchone()
        added = "SELECT is_active, failed_login_attempts, email FROM users WHERE username = 'grace'"
        assert theirs.execute(added).fetchone() == (1, 0, "grace@example.org")
    assert password == kept
    assert re.fullmatch(r"[\d-]{10} [\d:]{8}\.\d{6}", entered)
