"""The worker's day: it wakes up for work, keeps its leases, takes over from the dead, and stops."""

import threading
from collections.abc import Callable, Iterator

import pytest

from chat_bridge.domain.upkeep import Upkeep
from chat_bridge.errors import DatabaseBusy
from chat_bridge.model import Limits
from chat_bridge.worker import loop
from chat_bridge.worker.loop import Worker
from tests.patience import LONG, await_true
from tests.worker.workshop import CHAT, Workshop

Start = Callable[[], Worker]


@pytest.fixture
def start(workshop: Workshop) -> Iterator[Start]:
    """Starts workers in threads; each is stopped in the end."""
    running: list[tuple[Worker, threading.Thread]] = []

    def begin() -> Worker:
        worker = new_worker(workshop)
        thread = threading.Thread(target=worker.run)
        thread.start()
        running.append((worker, thread))
        return worker

    yield begin
    for worker, thread in running:
        worker.stop()
        thread.join(LONG)
        assert not thread.is_alive()


def new_worker(workshop: Workshop) -> Worker:
    bridge = workshop.bridge
    upkeep = Upkeep(
        bridge.store, bridge.files, bridge.clock, bridge.sessions, bridge.attachments,
        bridge.inbox, bridge.streams, bridge.settings.live, bridge.calls,
    )  # fmt: skip
    return Worker(bridge, workshop.hands, Limits(wall_seconds=30), upkeep)


def ended(workshop: Workshop, count: int) -> bool:
    jobs = workshop.bridge.jobs.of_session(CHAT)
    return len(jobs) == count and all(job.status == "completed" for job in jobs)


def live(workshop: Workshop) -> int:
    clock = workshop.bridge.clock
    return workshop.bridge.store.jobs.live_workers(clock.boot_ms(), clock.boot_id())


def test_work_is_begun_when_it_is_there(workshop: Workshop, start: Start) -> None:
    start()
    await_true(lambda: live(workshop) == 1)
    workshop.say("/help")
    await_true(lambda: ended(workshop, 1))
    workshop.upload()
    await_true(lambda: workshop.bridge.attachments.find(CHAT, "customers.csv").rows == 3)


def test_an_upload_wakes_the_worker(
    workshop: Workshop, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the look around once a second, which is an hour away here."""
    monkeypatch.setattr(loop, "LOOK_SECONDS", 20)
    workshop.say("/help")
    start()
    await_true(lambda: ended(workshop, 1))
    workshop.upload()
    await_true(lambda: workshop.bridge.attachments.find(CHAT, "customers.csv").rows == 3, 15)
    workshop.say("/help")  # wakes it up to be told to stop


def test_two_workers_share_what_there_is(workshop: Workshop, start: Start) -> None:
    for _ in range(10):
        workshop.say("/help")
    start(), start()
    await_true(lambda: ended(workshop, 10))
    assert {job.attempts for job in workshop.bridge.jobs.of_session(CHAT)} == {1}


def test_a_worker_that_leaves_is_forgotten_at_once(workshop: Workshop, start: Start) -> None:
    worker = start()
    await_true(lambda: live(workshop) == 1)
    worker.stop()
    await_true(lambda: live(workshop) == 0)


def test_a_dead_workers_job_is_queued_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = workshop.given("/dedupe")
    worker = new_worker(workshop)
    assert not worker.work_once()
    _forget(workshop)
    worker._looked_at = float("-inf")
    assert not worker.work_once()
    assert (workshop.now(job).status, workshop.now(job).error) == (
        "pending", "The worker stopped while it ran this job.",
    )  # fmt: skip
    workshop.due()
    assert worker.work_once()
    assert (workshop.now(job).status, workshop.now(job).attempts) == ("completed", 2)


def _forget(workshop: Workshop) -> None:
    """As if the lease of every running job had ended."""
    store = workshop.bridge.store
    with store.write():
        store.database.connection.execute("UPDATE jobs SET lease_until = 0")  # type: ignore[attr-defined]  # the adapter's own


def test_the_third_dead_worker_is_the_last(workshop: Workshop) -> None:
    job = workshop.given("/dedupe")
    worker = new_worker(workshop)
    for _ in range(2):
        _forget(workshop)
        worker._looked_at = float("-inf")
        worker._look_after()
        workshop.due()
        workshop.claim()
    _forget(workshop)
    worker._looked_at = float("-inf")
    worker._look_after()
    assert workshop.now(job).status == "dead"
    assert [answer.kind for answer in workshop.answers(job)] == ["error"]


def test_a_beat_keeps_the_lease(
    workshop: Workshop, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after one beat failed."""
    monkeypatch.setattr(loop, "BEAT_SECONDS", 0.05)
    released, begun = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        released.wait(LONG)

    workshop.hands.meanwhile = wait
    workshop.say("/help")
    workshop.handler.handle(workshop.claim())
    workshop.upload()
    workshop.say("/dedupe")
    start()
    assert begun.wait(LONG)
    (job, _) = workshop.bridge.jobs.of_session(CHAT)
    with monkeypatch.context() as broken:
        broken.setattr(type(workshop.bridge.jobs), "beat", _broken)
        failed = threading.Event()
        failed.wait(0.2)
    _forget(workshop)
    await_true(lambda: list(workshop.bridge.jobs.lost()) == [])
    released.set()
    await_true(lambda: workshop.now(job).status == "completed")


def _broken(*_: object) -> bool:
    raise OSError("the disk was away for a moment")


def test_a_busy_database_does_not_end_the_worker(
    workshop: Workshop, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "REST_AFTER_FAULT_SECONDS", 0.05)
    tried = threading.Event()
    claim = type(workshop.bridge.jobs).claim

    def busy(*given: object) -> object:
        if not tried.is_set():
            tried.set()
            raise DatabaseBusy
        return claim(*given)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(type(workshop.bridge.jobs), "claim", busy)
    start()
    assert tried.wait(LONG)
    workshop.say("/help")
    await_true(lambda: ended(workshop, 1))
