"""Whoever hangs up, whoever waits: no thread, no table library, no forgotten job."""

import os
import signal
import socket
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.api.operations.caller import PEOPLE, Clerk, clerk, multipart
from tests.patience import await_true
from tests.servers import RunningBridge


def statuses(running: RunningBridge) -> list[tuple[str, int]]:
    with sqlite3.connect(running.data_dir / "bridge.db") as database:
        return database.execute(
            "SELECT status, cancel_requested FROM jobs WHERE kind = 'operation' ORDER BY id"
        ).fetchall()


def send(running: RunningBridge) -> socket.socket:
    body = multipart("b", {"file": ("people.csv", PEOPLE)}, {})
    head = (
        "POST /csv/info HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    peer = socket.create_connection(("127.0.0.1", running.port), 10)
    peer.sendall(head.encode() + body)
    return peer


def test_a_caller_that_hangs_up_cancels_its_job(start_bridge: Callable[..., RunningBridge]) -> None:
    running = start_bridge(CHAT_BRIDGE_RATE_LIMITS="off")
    workers = running.children("worker")
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        peer = send(running)
        await_true(lambda: len(statuses(running)) == 1)
        assert statuses(running) == [("pending", 0)]
        peer.close()
        await_true(lambda: statuses(running) == [("cancelled", 0)])
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
    assert clerk(running).ask("/csv/info").status == 200
    uploads = list((running.data_dir / "blobs").glob("[0-9a-f][0-9a-f]/*"))
    assert uploads == [], "nothing of it is kept"


def test_waiting_costs_no_thread(start_bridge: Callable[..., RunningBridge]) -> None:
    """Six requests wait, and the process with two threads still answers others."""
    running = start_bridge(
        CHAT_BRIDGE_RATE_LIMITS="off", CHAT_BRIDGE_WEB_WORKERS="1", CHAT_BRIDGE_WEB_THREADS="2"
    )
    workers = running.children("worker")
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(clerk(running).ask, "/csv/info") for _ in range(6)]
        await_true(lambda: len(statuses(running)) == 6)
        assert clerk(running).get("/health").status == 200
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
        assert [one.result(20).status for one in asked] == [200] * 6


def test_no_web_process_opens_a_table(ada: Clerk, bridge: RunningBridge) -> None:
    assert ada.ask("/csv/describe").status == 200
    maps = [Path(f"/proc/{pid}/maps").read_text() for pid in bridge.children("chat_bridge.wsgi")]
    assert maps
    assert not any(word in text for text in maps for word in ("polars", "calamine"))
