"""Files that attack: refused by name within seconds, while everybody else is served as ever."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import hostile
from tests.hostile import Hostile
from tests.journeys import customers
from tests.journeys.visitor import Visitor, call
from tests.servers import RunningBridge

SECONDS = 3.0
FAST = 0.5
TRIES = 4  # a file that holds others up does so each time, a busy machine now and then


def patience(seconds: float) -> float:
    """Children give way to everybody else: on a busy machine they take their time."""
    return seconds * max(3.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@contextmanager
def somebody_else(bridge: RunningBridge) -> Iterator[list[float]]:
    """Writes and reads all the while; how long each answer took."""
    cyd, seconds, done = Visitor(bridge.url, agent="default"), list[float](), threading.Event()

    def talk() -> None:
        while not done.wait(0.02):
            began = time.monotonic()
            cyd.say("How is the weather?")
            assert call(bridge.url, "GET", "/api/v1/health").status == 200
            seconds.append(time.monotonic() - began)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield seconds
        while len(seconds) < 5 and thread.is_alive():
            time.sleep(0.01)
    finally:
        done.set()
        thread.join()


def refusal(visitor: Visitor, path: Path) -> tuple[str, str]:
    """Code and sentence, from the upload or, where only a worker can tell, from the command."""
    told = visitor.try_upload(path.name, path.read_bytes())
    assert told.seconds < patience(SECONDS)
    if told.status != 200:
        assert (told.status, visitor.files()) == (422, [])
        return told.json["error_code"], told.json["error"]
    began = time.monotonic()
    job = visitor.run("/dedupe")
    assert time.monotonic() - began < patience(2 * SECONDS)  # the first look at it, and the command
    assert (job["status"], job["attempts"], job["outputs"]) == ("failed", 1, [])
    assert visitor.file(path.name)["error_code"] == job["error_code"]
    (answer,) = visitor.answers_to(job["job_id"])
    assert (answer["kind"], answer["response"]) == ("error", job["error"])
    return job["error_code"], job["error"]


def pids(bridge: RunningBridge) -> list[int]:
    return bridge.children("chat_bridge worker") + bridge.children("chat_bridge.wsgi")


@pytest.mark.parametrize("case", [*hostile.WORKBOOKS, *hostile.CSVS], ids=lambda case: case.name)
def test_refused_by_name(bridge: RunningBridge, folder: Path, case: Hostile) -> None:
    path = case.write(folder)
    before = pids(bridge)
    for _ in range(TRIES):
        with somebody_else(bridge) as seconds:
            code, sentence = refusal(Visitor(bridge.url), path)
        assert (code, case.name in sentence) == (case.code, True)
        if sorted(seconds)[len(seconds) // 2] < FAST / 5 and max(seconds) < FAST:
            break
    else:
        pytest.fail(f"others waited for {max(seconds)} seconds")
    assert pids(bridge) == before


@pytest.mark.parametrize(
    ("case", "actual"), hostile.MISTAKEN, ids=lambda case: getattr(case, "name", "")
)
def test_refused_at_the_door(ada: Visitor, folder: Path, case: Hostile, actual: str) -> None:
    told = ada.try_upload(case.name, case.write(folder).read_bytes())
    assert (told.status, told.json["error_code"]) == (422, case.code)
    assert case.name in told.json["error"]
    assert actual in told.json["error"]


def test_what_no_scan_finds_ends_with_the_child(ada: Visitor, folder: Path) -> None:
    path = folder / "hidden.xlsx"
    hostile.hidden_far_cell(path)
    assert refusal(ada, path)[0] == "sheet_too_large"
    ada.upload("customers.csv", customers.text())
    assert ada.run("/dedupe")["status"] == "completed"
