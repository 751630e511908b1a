"""`chat-bridge backup` beside a running server."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.cli.programs import run
from tests.servers import RunningBridge
from tests.wire import caller


def test_a_backup_of_a_bridge_in_use(start_bridge: Callable[..., RunningBridge]) -> None:
    bridge = start_bridge()
    caller.admin(bridge).say("session_kept", "hello")
    made = [run("backup", "--keep", "2", env=bridge.environment) for _ in range(3)]
    assert [process.returncode for process in made] == [0, 0, 0]
    paths = [Path(process.stdout.strip()) for process in made]
    assert [path.exists() for path in paths] == [False, True, True]
    with closing(sqlite3.connect(paths[-1])) as connection:
        found = connection.execute("SELECT message FROM web_chat_messages").fetchall()
    assert found == [("hello",)]
