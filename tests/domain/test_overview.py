import pytest

from chat_bridge.errors import BadCsv, FileNotFound, JobTimedOut, UnknownColumn, UnknownCommand
from chat_bridge.ports import JobEnd
from tests.builders import House


def fail(house: House, command: str, code: str | None) -> None:
    house.say(command)
    job = house.jobs.claim("worker-1")
    assert job is not None
    house.jobs.end(job, JobEnd("failed", error="It did not work.", error_code=code))


@pytest.mark.parametrize("kind", [UnknownCommand, UnknownColumn, BadCsv, FileNotFound])
def test_what_somebody_mistyped_is_no_failure_of_ours(house: House, kind: type) -> None:
    fail(house, "/search town=Berlin", kind.code)  # type: ignore[attr-defined]  # an error's word
    glance = house.office.overview.glance()
    assert (glance.jobs.failed, glance.failures) == (0, [])


@pytest.mark.parametrize("code", ["job_failed", JobTimedOut.code, "internal_error", None])
def test_what_broke_here_is_counted_and_shown(house: House, code: str | None) -> None:
    fail(house, "/info", code)
    glance = house.office.overview.glance()
    assert (glance.jobs.failed, [one.command for one in glance.failures]) == (1, ["/info"])


def test_how_long_people_waited_is_told_by_the_hour(house: House) -> None:
    key = house.key()
    for seconds in (10, 30, 50):
        house.say("Hello?")
        (delivery,) = house.poll(key).deliveries
        house.clock.pass_seconds(seconds)
        house.reply(key, "Yes", message_id=delivery.message.id)
    glance = house.office.overview.glance()
    told = [length for _, length in glance.answer_hours if length is not None]
    assert (told, len(glance.answer_hours)) == ([glance.answer_ms], 24)
    assert round((glance.answer_ms or 0) / 1000) == 30
