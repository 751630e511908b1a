"""Who may see what: to everybody else it does not exist. Secrets are told
once, and never logged."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.programs import run
from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Answer, Caller

ROWS = b"name,city\nAda,London\n"


@pytest.fixture
def mine(ada: Caller) -> dict[str, Any]:
    """A protected session with a file and a job, and its owner's secret."""
    opened = ada.call("POST", "/api/v1/sessions", {"agent_id": "sheets"}).data
    owner = Caller(ada.port, {"X-Session-Token": opened["session_token"]})
    owner.upload(opened["session_id"], "list.csv", ROWS)
    job = owner.say(opened["session_id"], "/info").data["job_id"]
    return {"session": opened["session_id"], "job": job, "owner": owner}


def reads(session: str, job: str) -> list[tuple[str, str]]:
    return [
        ("GET", f"/api/v1/sessions/{session}"),
        ("GET", f"/api/v1/sessions/{session}/messages"),
        ("GET", f"/api/v1/sessions/{session}/export"),
        ("GET", f"/api/v1/sessions/{session}/files"),
        ("GET", f"/api/v1/sessions/{session}/files/list.csv"),
        ("GET", f"/api/v1/sessions/{session}/files/list.csv/preview"),
        ("GET", f"/api/v1/jobs/{job}"),
        ("POST", f"/api/v1/jobs/{job}/cancel"),
        ("POST", f"/api/v1/jobs/{job}/retry"),
        ("GET", f"/api/v1/?action=events&session_id={session}&cursor=0"),
        ("DELETE", f"/api/v1/sessions/{session}"),
    ]


def told(answer: Answer) -> tuple[int, str, object]:
    return answer.status, answer.error, answer.json["details"]


def test_a_strangers_secret_finds_nothing(ada: Caller, mine: dict[str, Any]) -> None:
    stranger = Caller(ada.port, {"X-Session-Token": "a-secret-of-somebody-else-" * 2})
    unknown = reads("session_unknown", "job_unknown")
    for known, nobodys in zip(reads(mine["session"], mine["job"]), unknown, strict=True):
        assert told(stranger.call(*known)) == told(stranger.call(*nobodys)), known
        assert stranger.call(*known).status == 404
    assert stranger.say(mine["session"], "hi").status == 404
    path = f"/api/v1/?action=responses&session_id={mine['session']}"
    assert stranger.call("GET", path).status == 404


def test_without_a_secret_it_is_asked_for(ada: Caller, mine: dict[str, Any]) -> None:
    for known in reads(mine["session"], mine["job"]):
        answer = ada.call(*known)
        assert (answer.status, answer.json["error_code"]) == (401, "session_token_required"), known


def test_the_owner_sees_and_erases(mine: dict[str, Any]) -> None:
    owner: Caller = mine["owner"]
    for method, path in reads(mine["session"], mine["job"])[:6]:
        assert owner.call(method, path).status == 200
    assert owner.call("DELETE", f"/api/v1/sessions/{mine['session']}").status == 200
    for method, path in reads(mine["session"], mine["job"]):
        assert owner.call(method, path).status == 404


def test_a_job_or_file_of_another_session_is_unknown(ada: Caller, mine: dict[str, Any]) -> None:
    other = ada.call("POST", "/api/v1/sessions", {}).data
    grace = Caller(ada.port, {"X-Session-Token": other["session_token"]})
    assert grace.call("GET", f"/api/v1/jobs/{mine['job']}").status == 404
    path = f"/api/v1/sessions/{other['session_id']}/files/list.csv"
    assert grace.call("GET", path).status == 404


def test_a_cookie_counts_like_the_header_and_is_not_repeated_in_the_body(ada: Caller) -> None:
    cookie = {"Cookie": "cb_visitor=" + "c" * 43}
    opened = ada.call("POST", "/api/v1/sessions", {}, headers=cookie).data
    assert opened["session_token"] is None
    path = f"/api/v1/sessions/{opened['session_id']}"
    assert ada.call("GET", path, headers=cookie).status == 200
    assert ada.call("GET", path).status == 401


def test_the_token_is_told_once(ada: Caller) -> None:
    first = ada.say("session_told_once", "hi").data
    assert re.fullmatch(r"[\w-]{43}", first["session_token"])
    assert "session_token" not in ada.say("session_told_once", "hi").data


@pytest.mark.parametrize("path", ["", "/messages", "/files"])
def test_answers_hold_nothing_of_our_inside(
    ada: Caller, charles: Caller, session: str, path: str
) -> None:
    ada.upload(session, "list.csv", ROWS)
    for who in (ada, charles):
        body = who.call("GET", f"/api/v1/sessions/{session}{path}").body.decode()
        for word in ("token_hash", "ip_address", "127.0.0.1:0", "/tmp/", "body_hash", "leased_by"):
            assert word not in body


class TestSecretsOnTheMachine:
    CANARIES = ("canary-agent-key-0123456789", "canary-admin-key-0123456789")

    @pytest.fixture
    def noisy(self, start_bridge: Callable[..., RunningBridge]) -> RunningBridge:
        return start_bridge(
            CHAT_BRIDGE_AGENT_KEY=self.CANARIES[0],
            CHAT_BRIDGE_ADMIN_KEY=self.CANARIES[1],
            CHAT_BRIDGE_LOG_LEVEL="debug",
        )

    def test_there_are_none(self, noisy: RunningBridge) -> None:
        secrets = [*self.CANARIES, "canary-cookie-" + "c" * 40, "canary-wrong-key-" + "w" * 40]
        ada, admin = caller.visitor(noisy), Caller(noisy.port, bearer(self.CANARIES[1]))
        agent = Caller(noisy.port, bearer(self.CANARIES[0]))
        secrets.append(ada.call("POST", "/api/v1/sessions", {}).data["session_token"])
        token = ada.say("session_canary", "hi").data["session_token"]
        secrets.append(token)
        owner = Caller(noisy.port, {"X-Session-Token": token})
        owner.call("GET", "/api/v1/sessions/session_canary")
        ada.call("GET", "/api/v1/sessions/session_canary", headers={"X-Session-Token": token[:-1]})
        ada.call("GET", "/chat/", headers={"Cookie": f"cb_visitor={secrets[2]}"})
        Caller(noisy.port, bearer(secrets[3])).get("inbox")
        for who in (agent, admin):
            who.get("inbox", wait=0)
            who.reply("session_canary", "hello")
            who.post("outbox", b"{")
        ada.call("GET", f"/api/v1/?action=responses&session_id=session_canary&token={token}")
        ada.call("GET", f"/ws?session_id=session_canary&token={token}")
        ada.call("GET", "/admin/")
        assert run("backup", env=noisy.environment).returncode == 0
        assert noisy.process is not None
        listed = [Path(f"/proc/{pid}/cmdline") for pid in noisy.children("chat_bridge")]
        lines = {path: path.read_bytes() for path in listed}
        kept = {path: path.read_bytes() for path in noisy.data_dir.rglob("*") if path.is_file()}
        noisy.stop()
        kept |= {path: path.read_bytes() for path in logs(noisy)}
        assert {"bridge.db", "bridge.db-wal", "web.log"} <= {path.name for path in kept}
        assert any(path.parent.name == "snapshots" for path in kept)
        assert len(lines) >= 3
        for path, content in {**kept, **lines}.items():
            for secret in secrets:
                assert secret.encode() not in content, (path, secret)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def logs(running: RunningBridge) -> list[Path]:
    return [*(running.data_dir / "logs").iterdir(), running.data_dir / "output.txt"]
