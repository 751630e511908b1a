"""The log of changes, made by the wire and by the terminal, read from the terminal."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

from tests.cli.programs import run
from tests.servers import RunningBridge
from tests.wire import caller


def test_changes_are_listed_and_verified(start_bridge: Callable[..., RunningBridge]) -> None:
    bridge = start_bridge()
    env, admin = bridge.environment, caller.admin(bridge)
    key = run("key", "new", "Mary", env=env).stdout.strip()
    new = run("key", "rotate", key[:11], env=env).stdout.strip()
    run("key", "revoke", new[:11], env=env)
    admin.post("config", {"greeting": "Hi", "letta_server_token": "hush"})
    admin.post("config", {"greeting": "Hello"})
    admin.post("config", {"events_pruned_to": "refused"})
    admin.say("session_gone", "hi")
    admin.post("clear_data", None)
    listed = run("audit", "list", env=env).stdout
    lines = [line.split("  ") for line in listed.splitlines()]
    assert [line[2] for line in lines] == [
        "key new", "key rotate", "key revoke", "config", "config", "config", "clear_data",
    ]  # fmt: skip
    assert lines[0][1].startswith("terminal")
    assert lines[3][1].startswith("key cfg_")
    assert lines[5][3:] == ["greeting", "Hi -> Hello"]
    assert '"messages": 1' in lines[6][4]
    assert not [secret for secret in (key, new, "hush", bridge.admin_key) if secret in listed]
    verified = run("audit", "verify", env=env)
    assert (verified.returncode, verified.stdout.startswith("7 entries, unbroken")) == (0, True)
    edit(bridge)
    broken = run("audit", "verify", env=env)
    assert (broken.returncode, "entry 2" in broken.stderr) == (1, True)


def edit(bridge: RunningBridge) -> None:
    with closing(sqlite3.connect(bridge.data_dir / "bridge.db")) as database, database:
        database.execute("DROP TRIGGER audit_log_keeps_values")
        database.execute("UPDATE audit_log SET actor = 'nobody' WHERE id = 2")
