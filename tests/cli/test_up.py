"""One command starts everything, keeps it running, and ends it without a trace."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat_bridge import __version__
from tests.cli.programs import alive, environment, on_a_terminal, run
from tests.patience import await_true
from tests.servers import RunningBridge, free_port

WEB, WORKER = "chat_bridge.wsgi", "chat_bridge worker"


@pytest.fixture
def bridge(start_bridge: Callable[..., RunningBridge]) -> RunningBridge:
    return start_bridge()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def everything(bridge: RunningBridge) -> list[int]:
    """Every process of an installation, by the data folder in its environment."""
    mark = f"CHAT_BRIDGE_DATA_DIR={bridge.data_dir}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return [pid for pid in found if alive(pid)]


def test_the_first_start_on_a_terminal_shows_everything_once(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    with on_a_terminal("up", env=env) as read:
        said = read("15 min")
    assert f"Chat Bridge {__version__}" in said
    assert f"http://127.0.0.1:{env['CHAT_BRIDGE_PORT']}/" in said
    assert str(tmp_path / "data") in said
    assert "set-up code" in said
    for name in ("admin", "agent"):
        (line,) = [line for line in said.splitlines() if line.strip().startswith(f"{name} key")]
        assert line.split()[2].startswith("sk_")
    assert list((tmp_path / "data").glob("*.txt")) == []
    with on_a_terminal("up", env=env) as read:
        again = read("15 min")
    assert "sk_" not in again


def test_without_a_terminal_secrets_go_into_a_private_file(tmp_path: Path) -> None:
    bridge = RunningBridge(tmp_path / "data", agent_key="", admin_key="").start()
    bridge.stop()
    keys = bridge.data_dir / "first-keys.txt"
    assert str(keys) in bridge.output()
    assert "sk_" not in bridge.output()
    assert keys.stat().st_mode & 0o777 == 0o600
    assert [line.split()[0] for line in keys.read_text().splitlines()] == ["admin", "agent"]
    keys.unlink()
    bridge.start()
    bridge.stop()
    assert not keys.exists()


@pytest.mark.parametrize("whom", ["alone", "group"])
def test_ctrl_c_ends_everything(bridge: RunningBridge, whom: str) -> None:
    assert bridge.process is not None
    await_true(lambda: len(everything(bridge)) >= 5)  # ours, the server, its two, the worker
    processes = everything(bridge)
    if whom == "alone":
        bridge.process.send_signal(signal.SIGINT)
    else:
        os.killpg(bridge.process.pid, signal.SIGINT)
    assert bridge.process.wait(60) == 0
    assert [pid for pid in processes if alive(pid)] == []
    assert everything(bridge) == []
    assert "Traceback" not in bridge.output()


@pytest.mark.parametrize("part", [WEB, WORKER])
def test_a_part_that_dies_is_started_again(bridge: RunningBridge, part: str) -> None:
    victim = bridge.children(part)[0]
    os.kill(victim, signal.SIGKILL)
    await_true(lambda: not alive(victim))
    await_true(lambda: bool(bridge.children(part)) and bridge.ready())
    assert victim not in bridge.children(part)
    name = "serve" if part == WEB else "worker"
    assert f"{name} ended with -9; starting it again" in bridge.output()


def test_nothing_outlives_a_killed_up(bridge: RunningBridge) -> None:
    """The next start finds the address free."""
    assert bridge.process is not None
    bridge.process.kill()
    bridge.process.wait()
    await_true(lambda: everything(bridge) == [])
    bridge.start()
    assert bridge.ready()


@pytest.mark.parametrize("command", ["up", "serve"])
def test_a_port_in_use_is_said_and_nothing_starts(tmp_path: Path, taken: int, command: str) -> None:
    env = environment(tmp_path / "data", PORT=str(taken))
    ended = run(command, env=env)
    assert ended.returncode == 1
    assert f"127.0.0.1:{taken}" in ended.stderr
    assert "CHAT_BRIDGE_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    assert not (tmp_path / "data").exists()


def test_an_address_that_is_not_ours_is_said(tmp_path: Path) -> None:
    ended = run("up", env=environment(tmp_path / "data", HOST="203.0.113.1"))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Cannot listen on 203.0.113.1" in ended.stderr


def test_serve_and_worker_may_run_apart(tmp_path: Path) -> None:
    port = free_port()
    settings = {"CHAT_BRIDGE_RATE_LIMITS": "off"}
    worker = RunningBridge(tmp_path, settings, port)
    web = RunningBridge(tmp_path, settings, port)
    worker.wait_until_ready = lambda: None  # type: ignore[method-assign]  # it serves nothing
    try:
        worker.start("worker")
        web.start("serve")
        assert web.ready()
    finally:
        web.stop()
        worker.stop()
    assert "Traceback" not in web.output()
