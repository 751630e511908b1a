"""Keys are made, listed and ended while the bridge runs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.programs import environment, run
from tests.journeys.visitor import Desk, action
from tests.servers import RunningBridge


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    running = RunningBridge(tmp_path_factory.mktemp("keys")).start()
    yield running
    running.stop()


def status(bridge: RunningBridge, key: str) -> int:
    return Desk(bridge.url, key).call("GET", action("inbox", wait=0)).status


def test_a_key_lives_from_new_to_revoke(bridge: RunningBridge) -> None:
    made = run("key", "new", "night-shift", env=bridge.environment)
    key = made.stdout.strip()
    assert (made.returncode, made.stderr, key.startswith("sk_")) == (0, "", True)
    assert status(bridge, key) == 200
    listed = run("key", "list", env=bridge.environment).stdout
    (line,) = [line for line in listed.splitlines() if "night-shift" in line]
    prefix = line.split()[0]
    assert key.startswith(prefix)
    assert key not in listed
    assert line.split()[1] == "live"
    assert run("key", "revoke", prefix, env=bridge.environment).returncode == 0
    assert status(bridge, key) == 401
    again = run("key", "revoke", prefix, env=bridge.environment)
    assert (again.returncode, prefix in again.stderr) == (1, True)


def test_a_key_may_be_one_agents(bridge: RunningBridge) -> None:
    key = run("key", "new", "desk", "--agent", "default", env=bridge.environment).stdout.strip()
    other = Desk(bridge.url, key).call("GET", action("inbox", wait=0, agent="default"))
    assert other.status == 200
    nobody = run("key", "new", "desk", "--agent", "nobody", env=bridge.environment)
    assert (nobody.returncode, "'nobody'" in nobody.stderr) == (1, True)


def test_a_scope_is_all_a_key_may(bridge: RunningBridge) -> None:
    key = run("key", "new", "eye", "--scope", "events", env=bridge.environment).stdout.strip()
    assert status(bridge, key) == 403


def test_a_key_may_end_by_itself(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    for text in ("12h", "30d", "2w", "2999-12-31"):
        assert run("key", "new", text, "--expires", text, env=env).stdout.startswith("sk_")
    lines = run("key", "list", env=env).stdout.splitlines()
    assert len([line for line in lines if " ends " in line and "never used" in line]) == 4
    assert "2999-12-31T00:00:00.000Z" in lines[-1]
    for text in ("yesterday", "2001-01-01", "0h", "9999999d", "-1d", "²d"):
        refused = run("key", "new", "late", f"--expires={text}", env=env)
        assert (refused.returncode, "'" in refused.stderr, refused.stdout) == (1, True, "")


def test_a_key_is_rotated_with_overlap(bridge: RunningBridge) -> None:
    env = bridge.environment
    old = run("key", "new", "late-shift", "--agent", "default", env=env).stdout.strip()
    made = run("key", "rotate", old[:11], "--overlap", "1", env=env)
    assert (made.returncode, made.stderr) == (0, "")
    new = made.stdout.strip()
    assert [status(bridge, key) for key in (old, new)] == [200, 200]
    shown = run("key", "list", env=env).stdout.splitlines()
    before, after = [line for line in shown if "late-shift" in line]
    assert (" ends " in before, " ends " in after) == (True, False)
    assert " default  used 2" in after
    at_once = run("key", "rotate", new[:11], "--overlap", "0", env=env).stdout.strip()
    assert [status(bridge, key) for key in (new, at_once)] == [401, 200]
    nobody = run("key", "rotate", "sk_nobody", env=env)
    assert (nobody.returncode, "sk_nobody" in nobody.stderr) == (1, True)


def test_looking_at_keys_mints_none(tmp_path: Path) -> None:
    """The first keys are shown once: nobody but a start may make them."""
    env = environment(tmp_path / "data")
    assert run("key", "list", env=env).stdout == ""
    assert run("key", "new", "mine", env=env).stdout.startswith("sk_")
    bridge = RunningBridge(tmp_path / "data", agent_key="", admin_key="").start()
    bridge.stop()
    shown = (tmp_path / "data" / "first-keys.txt").read_text().split()
    assert len([word for word in shown if word.startswith("sk_")]) == 2


def test_a_key_command_leaves_the_set_up_code_alone(bridge: RunningBridge) -> None:
    code = bridge.data_dir / "setup-code.txt"
    before = (code.read_text(), stored_code(bridge))
    run("key", "new", "mine", env=bridge.environment)
    run("key", "list", env=bridge.environment)
    assert (code.read_text(), stored_code(bridge)) == before


def test_a_set_up_code_that_nobody_needs_goes_at_the_next_start(tmp_path: Path) -> None:
    bridge = RunningBridge(tmp_path / "data").start()
    bridge.stop()
    code = bridge.data_dir / "setup-code.txt"
    assert code.exists()
    assert run("user", "add", "ana", "--role", "admin", env=bridge.environment).returncode == 0
    bridge.start()
    bridge.stop()
    assert not code.exists()


def stored_code(bridge: RunningBridge) -> str:
    with closing(sqlite3.connect(bridge.data_dir / "bridge.db")) as database:
        (value,) = database.execute(
            "SELECT config_value FROM system_config WHERE config_key = 'setup_code'"
        ).fetchone()
    return str(value)
