"""New processes in place of the old ones while clients talk: nobody notices."""

from pathlib import Path

import pytest

from tests.faults.served import FOUR, Activated, reload, web_processes
from tests.faults.steady import Steady
from tests.patience import await_true
from tests.servers import RunningBridge, WithoutWorkers


def reloads(bridge: RunningBridge, load: Steady, count: int) -> None:
    for _ in range(count):
        await_true(lambda: len(web_processes(bridge)) == 4)
        before = web_processes(bridge)
        load.go_on(50)
        reload(bridge)
        await_true(lambda old=before: not old & web_processes(bridge), 60)
        load.go_on(50)


def restarts(bridge: Activated, load: Steady, count: int, *command: str) -> None:
    for _ in range(count):
        load.go_on(50)
        bridge.stop()
        bridge.start(*command)
        load.go_on(50)


def reloaded(folder: Path, command: str, count: int) -> Steady:
    bridge = WithoutWorkers(folder, FOUR)
    try:
        bridge.start(command)
        with Steady(bridge.port).running() as load:
            reloads(bridge, load, count)
        assert load.lost(bridge.data_dir) == []
    finally:
        bridge.stop()
    return load


def restarted(folder: Path, command: str, count: int) -> Steady:
    bridge = Activated(folder, FOUR)
    try:
        bridge.start(command)
        with Steady(bridge.port).running() as load:
            restarts(bridge, load, count, command)
        assert load.lost(bridge.data_dir) == []
    finally:
        bridge.stop()
        bridge.release()
    return load


@pytest.mark.parametrize("command", ["up", "serve"])
def test_a_reload_of_four_workers_fails_no_request(tmp_path: Path, command: str) -> None:
    assert reloaded(tmp_path / "data", command, 1).failures == []


def test_a_stop_and_start_on_a_held_socket_fails_no_request(tmp_path: Path) -> None:
    """SIGTERM as systemd sends it to a service whose socket it holds."""
    assert restarted(tmp_path / "data", "up", 1).failures == []


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_many_reloads_and_restarts_fail_no_request(tmp_path: Path) -> None:
    assert reloaded(tmp_path / "reloaded", "serve", 20).failures == []
    assert restarted(tmp_path / "restarted", "serve", 20).failures == []
