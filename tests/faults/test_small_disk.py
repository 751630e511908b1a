"""The disk is full while a worker writes a result, and while messages come (reliability: F10, F12):
a clear word, nothing by half, and on it goes as soon as there is room."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.account import rows
from tests.faults.disk import Disk, disk, may_mount
from tests.patience import await_true
from tests.servers import RunningBridge
from tests.wire import caller

LIST = b"name,city\n" + b"".join(b"Ada %d,London\n" % number for number in range(200_000))
ROOM = 400_000  # for the database, and for the first piece of a result
NEEDS_ROOT = pytest.mark.skipif(not may_mount(), reason="only root may mount a small disk")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    with disk(tmp_path_factory.mktemp("small") / "disk") as found:
        yield found


@pytest.fixture(scope="module")
def bridge(small: Disk) -> Iterator[RunningBridge]:
    running = RunningBridge(small.folder / "data", {"CHAT_BRIDGE_RATE_LIMITS": "off"})
    running.start()
    yield running
    running.stop()


def left_over(bridge: RunningBridge) -> list[str]:
    """Files with bytes of nobody: unfinished ones, and blobs without a row."""
    named = {sha for (sha,) in rows(bridge.data_dir, "SELECT sha256 FROM attachments")}
    work = [path for path in (bridge.data_dir / "work").rglob("*") if path.is_file()]
    blobs = [path for path in (bridge.data_dir / "blobs").rglob("*") if path.is_file()]
    return [str(path) for path in [*work, *(b for b in blobs if b.name not in named)]]


def files(ada: caller.Caller, session: str) -> list[dict[str, Any]]:
    return list(ada.call("GET", f"/api/v1/sessions/{session}/files").data["files"])


def ended(ada: caller.Caller, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def over() -> bool:
        found.update(ada.call("GET", f"/api/v1/jobs/{job_id}").data)
        return found["status"] not in ("pending", "running")

    await_true(over, 60)
    return found


@NEEDS_ROOT
@pytest.mark.parametrize("text", ["/sort name", "/to-xlsx", "/to-sql table=people"])
def test_a_result_that_does_not_fit(bridge: RunningBridge, small: Disk, text: str) -> None:
    ada, session = caller.visitor(bridge), f"session_{len(text)}"
    ada.say(session, "Hello")
    ada.upload(session, "list.csv", LIST)
    await_true(lambda: files(ada, session)[0]["rows"] == 200_000)
    small.leave_free(ROOM)
    said = ada.say(session, text, agent_id="sheets").data
    job = ended(ada, said["job_id"])
    assert (job["status"], job["error_code"]) == ("failed", "disk_full")
    replies = ada.get("responses", session_id=session).data["responses"]
    (reply,) = [reply for reply in replies if reply["kind"] == "error"]
    assert reply["response"] == job["error"]
    assert "disk is full" in reply["response"]
    assert (len(files(ada, session)), left_over(bridge)) == (1, [])
    small.make_room()
    assert ada.call("POST", f"/api/v1/jobs/{job['job_id']}/retry").status == 200
    again = ended(ada, job["job_id"])
    assert again["status"] == "completed", again
    _, result = files(ada, session)
    address = result["download_url"].partition(str(bridge.port))[2]
    assert len(ada.call("GET", address).body) == result["size"]
    assert left_over(bridge) == []


@NEEDS_ROOT
def test_messages_that_do_not_fit(bridge: RunningBridge, small: Disk) -> None:
    ada = caller.visitor(bridge)
    stored = [ada.say("session_many", "first").data["message_id"]]
    small.leave_free(0)
    answer = None
    for number in range(400):
        answer = ada.say("session_many", f"m{number} " + "x" * 9_000)
        if answer.status != 200:
            break
        stored.append(answer.data["message_id"])
    assert answer is not None
    assert (answer.status, answer.json["error_code"]) == (507, "insufficient_storage")
    assert answer.headers["Retry-After"]
    assert ada.get("responses", session_id="session_many").status == 200
    assert ada.call("GET", "/").status == 200
    ready = ada.call("GET", "/api/v1/health/ready")
    assert (ready.status, "disk" in ready.error) == (503, True)
    small.make_room()
    await_true(lambda: ada.say("session_many", "last").status == 200)
    await_true(bridge.ready)
    found = [number for (number,) in rows(bridge.data_dir, "SELECT id FROM web_chat_messages")]
    assert set(stored) <= set(found)
    assert not (bridge.data_dir / "bridge.db.suspect").exists()
    assert "Traceback" not in bridge.output()
