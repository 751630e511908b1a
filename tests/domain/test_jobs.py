"""Commands run once, in the order of their session, whatever becomes of their worker."""

import pytest

from chat_bridge.domain.jobs import LEASE_MS
from chat_bridge.errors import JobFinished, JobNotFound, JobRunning, JobStarted, LeaseLost
from chat_bridge.model import Job, Progress, Step
from chat_bridge.ports import JobEnd
from tests.builders import ADA, ADAS_CHAT, GRACE, GRACES_CHAT, House

STEPS = (Step("search", {"city": "Berlin"}), Step("convert", {"to": "csv"}))


def command(house: House, text: str = "/info", session: str = ADAS_CHAT) -> str:
    accepted = house.say(text, session, GRACE if session == GRACES_CHAT else ADA)
    assert accepted.message.job_id
    return accepted.message.job_id


def claimed(house: House, owner: str = "worker-1") -> Job:
    job = house.jobs.claim(owner)
    assert job
    return job


def end(house: House, job: Job, status: str = "completed") -> None:
    with house.store.write():
        house.jobs.end(job, JobEnd(status))


def status(house: House, job_id: str) -> str:
    return house.jobs.find(job_id).status


class TestOrder:
    def test_a_session_runs_one_at_a_time_and_others_beside_it(self, house: House) -> None:
        first, second = command(house), command(house)
        other = command(house, session=GRACES_CHAT)
        running = claimed(house)
        assert running.id == first
        assert claimed(house, "worker-2").id == other
        assert house.jobs.claim("worker-3") is None
        end(house, running)
        assert claimed(house, "worker-3").id == second

    def test_many_jobs_of_one_session_do_not_keep_another_waiting(self, house: House) -> None:
        mine = [command(house) for _ in range(3)]
        running = claimed(house)
        other = command(house, session=GRACES_CHAT)
        house.clock.pass_seconds(1)
        end(house, running)
        assert claimed(house).id == other
        assert claimed(house, "worker-2").id == mine[1]

    def test_one_that_is_let_ahead_takes_those_before_it_along(self, house: House) -> None:
        grace = [command(house, session=GRACES_CHAT) for _ in range(2)]
        mine = [command(house) for _ in range(3)]
        moved = house.jobs.let_ahead(house.jobs.find(mine[1]), ahead=True)
        assert moved.priority == 1
        assert [house.jobs.find(one).priority for one in mine] == [1, 1, 0]
        order = []
        for _ in range(5):
            job = claimed(house)
            order.append(job.id)
            end(house, job, "failed")
        assert order[:2] == mine[:2]
        assert set(order) == {*mine, *grace}
        with pytest.raises(JobFinished):
            house.jobs.let_ahead(job, ahead=True)
        assert house.jobs.retry(house.jobs.find(mine[0])).priority == 0

    def test_one_that_began_has_no_place_in_the_line(self, house: House) -> None:
        command(house)
        with pytest.raises(JobStarted):
            house.jobs.let_ahead(claimed(house), ahead=True)

    def test_a_job_that_waits_for_its_next_try_holds_up_its_session(self, house: House) -> None:
        first, second = command(house), command(house)
        job = claimed(house)
        house.jobs.requeue(job, "The disk hiccuped.", "internal_error")
        assert house.jobs.claim("worker-1") is None
        house.clock.pass_seconds(2.1)
        assert claimed(house).id == first
        assert status(house, second) == "pending"

    def test_a_first_look_at_a_file_waits_for_nobody(self, house: House) -> None:
        command(house)
        claimed(house)
        house.upload("list.csv", b"a\n1\n")
        assert claimed(house, "worker-2").kind == "profile"

    def test_nothing_to_do_writes_nothing(self, house: House) -> None:
        before = house.store.database.writer.connection.total_changes
        assert house.jobs.claim("worker-1") is None
        assert house.store.database.writer.connection.total_changes == before


class TestTheFence:
    """A worker that was stopped and comes back finds its work given away."""

    @pytest.fixture
    def replaced(self, house: House) -> Job:
        job_id = command(house)
        old = claimed(house, "worker-1")
        house.clock.pass_seconds(LEASE_MS / 1000 + 1)
        (lost,) = house.jobs.lost()
        assert lost.id == job_id
        house.jobs.release(lost)
        assert claimed(house, "worker-2").fence == old.fence + 1
        return old

    def test_refuses_its_result_and_takes_back_all_of_it(self, house: House, replaced: Job) -> None:
        before = house.kinds()
        with pytest.raises(LeaseLost):
            end(house, replaced)
        assert status(house, replaced.id) == "running"
        assert house.kinds() == before

    def test_refuses_its_progress_its_plan_and_its_heartbeat(
        self, house: House, replaced: Job
    ) -> None:
        with pytest.raises(LeaseLost):
            house.jobs.report(replaced, Progress(0, 10))
        with pytest.raises(LeaseLost):
            house.jobs.begin(replaced, STEPS)
        assert not house.jobs.beat(replaced)
        assert house.jobs.find(replaced.id).steps == ()

    def test_does_not_let_it_give_the_work_back(self, house: House, replaced: Job) -> None:
        house.jobs.requeue(replaced, "late", "internal_error")
        house.jobs.release(replaced)
        assert status(house, replaced.id) == "running"


class TestALostWorker:
    def test_is_noticed_when_its_lease_ends(self, house: House) -> None:
        command(house)
        job = claimed(house)
        house.clock.pass_seconds(LEASE_MS / 1000 - 1)
        assert house.jobs.lost() == []
        assert house.jobs.beat(job)
        house.clock.pass_seconds(LEASE_MS / 1000 - 1)
        assert house.jobs.lost() == []
        house.clock.pass_seconds(2)
        assert [lost.id for lost in house.jobs.lost()] == [job.id]

    def test_is_noticed_after_a_restart_at_once(self, house: House) -> None:
        command(house)
        job = claimed(house)
        house.clock.restart_machine()
        assert [lost.id for lost in house.jobs.lost()] == [job.id]

    def test_is_not_invented_by_a_jump_of_the_wall_clock(self, house: House) -> None:
        command(house)
        claimed(house)
        house.clock.wall += 86_400_000
        assert house.jobs.lost() == []

    def test_counts_each_attempt_before_the_work(self, house: House) -> None:
        command(house)
        for attempt in (1, 2, 3):
            job = claimed(house)
            assert job.attempts == attempt
            house.jobs.requeue(job, "the disk was away", "unavailable")
            house.clock.pass_seconds(60)

    def test_does_not_count_one_that_a_stopping_worker_gives_back(self, house: House) -> None:
        command(house)
        for _ in range(5):
            job = claimed(house)
            assert job.attempts == 1
            house.jobs.release(job)


class TestCancelling:
    def test_a_waiting_job_ends_it_at_once(self, house: House) -> None:
        job_id = command(house)
        job = house.jobs.cancel(house.jobs.find(job_id))
        assert (job.status, job.finished_at) == ("cancelled", "2026-11-21T12:00:00.000Z")
        assert house.kinds()[-1] == "job.cancelled"
        assert job.message_id
        assert house.state(job.message_id) == "done"
        assert house.jobs.claim("worker-1") is None

    def test_a_running_job_asks_its_worker(self, house: House) -> None:
        command(house)
        job = claimed(house)
        assert not house.jobs.cancel_requested(job)
        assert house.jobs.cancel(job).status == "running"
        assert house.jobs.cancel_requested(job)
        assert house.jobs.beat(job)

    def test_an_ended_job_is_a_conflict(self, house: House) -> None:
        command(house)
        job = claimed(house)
        end(house, job)
        with pytest.raises(JobFinished):
            house.jobs.cancel(job)


class TestRetrying:
    @pytest.mark.parametrize("how", ["failed", "cancelled", "dead"])
    def test_an_ended_job_runs_again_with_all_its_attempts(self, house: House, how: str) -> None:
        command(house)
        job = claimed(house)
        house.jobs.cancel(job)
        end(house, job, how)
        again = house.jobs.retry(house.jobs.find(job.id))
        assert (again.status, again.attempts, again.error, again.finished_at) == (
            "pending", 0, None, None,
        )  # fmt: skip
        assert not again.cancel_requested
        assert claimed(house).attempts == 1

    @pytest.mark.parametrize("running", [False, True])
    def test_a_job_that_has_not_ended_is_a_conflict(self, house: House, running: bool) -> None:
        job_id = command(house)
        if running:
            claimed(house)
        with pytest.raises(JobRunning):
            house.jobs.retry(house.jobs.find(job_id))

    def test_a_completed_job_is_a_conflict(self, house: House) -> None:
        command(house)
        job = claimed(house)
        end(house, job)
        with pytest.raises(JobFinished):
            house.jobs.retry(job)


class TestSteps:
    def test_are_known_from_the_beginning_and_counted_at_the_end(self, house: House) -> None:
        command(house)
        job = claimed(house)
        house.jobs.begin(job, STEPS)
        assert [s.status for s in house.jobs.find(job.id).steps] == ["running", "pending"]
        house.jobs.report(job, Progress(1, 500, 1_000))
        found = house.jobs.find(job.id)
        assert [s.status for s in found.steps] == ["completed", "running"]
        assert found.progress["rows_done"] == 500
        end(house, job, "failed")
        assert [s.status for s in house.jobs.find(job.id).steps] == ["completed", "failed"]

    def test_of_an_earlier_try_are_forgotten(self, house: House) -> None:
        command(house)
        for _ in range(2):
            job = claimed(house)
            house.jobs.begin(job, STEPS)
            assert len(house.jobs.find(job.id).steps) == 2
            house.jobs.release(job)


def test_of_all_progress_the_last_one_is_kept(house: House) -> None:
    command(house)
    job = claimed(house)
    house.jobs.begin(job, STEPS)
    for rows in (10, 20, 30):
        house.jobs.report(job, Progress(0, rows))
    assert house.kinds().count("job.progress") == 4
    end(house, job)
    assert house.kinds()[-2:] == ["job.progress", "job.completed"]
    assert house.kinds().count("job.progress") == 1


def test_ending_finishes_the_message(house: House) -> None:
    command(house)
    job = claimed(house)
    end(house, job)
    assert job.message_id
    assert house.state(job.message_id) == "done"


def test_an_unknown_job_is_not_found(house: House) -> None:
    with pytest.raises(JobNotFound):
        house.jobs.find("job_nobody")


def test_the_built_in_agent_answers_while_a_worker_lives(house: House) -> None:
    sheets = house.agents.resolve("sheets")
    assert not house.agents.answering(sheets)
    house.jobs.worker_lives("worker-1", 4711)
    assert house.agents.answering(sheets)
    house.clock.pass_seconds(16)
    assert not house.agents.answering(sheets)
    house.jobs.worker_lives("worker-1", 4711)
    house.jobs.worker_leaves("worker-1")
    assert not house.agents.answering(sheets)
