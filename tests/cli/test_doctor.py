"""`chat-bridge doctor` looks and changes nothing."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import bcrypt
import pytest

from chat_bridge.domain import check_up
from chat_bridge.model import NewCall, Received, Step
from tests import founding
from tests.builders import ADAS_CHAT, new_house
from tests.cli.programs import environment, run


def test_a_first_start_that_will_work(tmp_path: Path) -> None:
    ended = run("doctor", "--json", env=environment(tmp_path / "data"))
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["ok"]) == (0, True)
    names = {check["name"] for check in told["checks"]}
    assert names >= {"python", "sqlite", "configuration", "data_dir", "disk", "database", "clock"}
    assert {check["status"] for check in told["checks"]} <= {"ok", "warning"}
    assert not (tmp_path / "data").exists()


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    wrong = run("doctor", env=environment(tmp_path / "data", PROT="1"))
    assert (wrong.returncode, "FAILED   configuration: " in wrong.stdout) == (1, True)
    assert "CHAT_BRIDGE_PORT" in wrong.stdout


def test_a_public_address(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", PUBLIC_URL="https://chat.example.org")
    ended = run("doctor", env=env)
    assert "warning  session_tokens: session_tokens: compat" in ended.stdout
    assert "warning  trusted_hops" in ended.stdout
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        (founding.CONTROL, 0, "will be adopted"),
        (founding.PHP, 1, "chat-bridge import"),
        ("CREATE TABLE bridge_migrations (version INTEGER);"
         "INSERT INTO bridge_migrations VALUES (9999)", 1, "newer Chat Bridge"),
    ],
)  # fmt: skip
def test_databases(tmp_path: Path, script: str, code: int, said: str) -> None:
    path = founding.make(tmp_path / "data" / "bridge.db", script)
    before = path.read_bytes()
    ended = run("doctor", env=environment(tmp_path / "data"))
    assert (ended.returncode, said in ended.stdout) == (code, True)
    assert ("admin_key in system_config is a published" in ended.stdout) == (
        script == founding.CONTROL
    )
    assert "others may read" in ended.stdout
    assert path.read_bytes() == before


def test_a_password_that_everybody_knows_is_told(tmp_path: Path) -> None:
    path = founding.make(tmp_path / "data" / "bridge.db", founding.CONTROL)
    kept = bcrypt.hashpw(b"admin123", bcrypt.gensalt(4)).decode()
    with closing(sqlite3.connect(path)) as theirs, theirs:
        theirs.execute("UPDATE users SET password_hash = ? WHERE username = 'admin'", (kept,))
    ended = run("doctor", env=environment(tmp_path / "data"))
    assert "chat-bridge user reset-password admin" in ended.stdout


def test_room(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    house = new_house(tmp_path / "data")
    house.say("Hello")
    blob = house.attachments.receive(io.BytesIO(b"x" * (1 << 20)))
    house.attachments.attach(house.sessions.find(ADAS_CHAT), blob, "list.txt")
    upload = house.attachments.receive(io.BytesIO(b"name\nAda\n"))
    steps = [Step("sort", {"columns": ["name"]}, "Sort")]
    house.calls.submit(NewCall("key:1", steps, [Received("file", "a.csv", upload)], "b.csv"))
    before = sorted((tmp_path / "data").iterdir())
    env = environment(tmp_path / "data", TOTAL_QUOTA_MB="1", KEY_QUOTA_MB="7")
    ended = run("doctor", env=env)
    said = (
        "2 files take 1.0 MB; a conversation may hold 4.0 GB; a key may hold 7.0 MB; all may hold"
    )
    assert f"ok       room: {said} 1.0 MB" in ended.stdout
    assert "warning  room: Files take 1.0 MB of the 1.0 MB they may take in all" in ended.stdout
    assert ended.returncode == 0
    assert sorted((tmp_path / "data").iterdir()) == before


@pytest.mark.parametrize(
    ("free", "verdict"), [(1 << 20, "failed"), (100 << 20, "warning"), (100 << 30, "ok")]
)
def test_space(free: int, verdict: str) -> None:
    assert check_up.space(free, 200 << 30).verdict == verdict


def test_clocks() -> None:
    noon = 1_795_262_400_000
    assert check_up.clock(noon, noon - 5_000).verdict == "ok"
    assert check_up.clock(noon, noon + 7_200_000).verdict == "warning"
    assert check_up.clock(0, None).verdict == "failed"
