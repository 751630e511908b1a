"""Dead letters: grouped, tried again, laid aside, and written down in the audit log."""

from pathlib import Path

import pytest

from chat_bridge.domain import dead_letters
from chat_bridge.domain.inbox import Poll
from chat_bridge.errors import InvalidField, LetterNotFound
from chat_bridge.model import Key
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, new_house

ACTOR = "console: Katherine"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path, max_attempts=1)


@pytest.fixture
def key(house: House) -> Key:
    return house.key()


def kill(house: House, key: Key, reason: str) -> list[int]:
    """Everything that waits is given back, and has no attempt left."""
    page = house.poll(key)
    ids = [delivery.message.id for delivery in page.deliveries]
    return house.inbox.give_back(key, ids, delay_seconds=0, reason=reason)


def actions(house: House) -> list[tuple[str, str, str | None, str | None]]:
    return [(e.action, e.subject, e.before, e.after) for e in house.audit.entries()]


def test_letters_are_grouped_by_kind_and_reason(house: House, key: Key) -> None:
    house.say("one")
    house.say("two")
    kill(house, key, "no such order")
    house.say("three")
    kill(house, key, "out of paper")
    groups = [(g.kind, g.reason, g.count) for g in house.dead_letters.groups()]
    assert groups == [("message", "no such order", 2), ("message", "out of paper", 1)]
    (letter,) = house.dead_letters.letters("message", "out of paper")
    assert (letter.text, letter.session_id, letter.attempts) == ("three", ADAS_CHAT, 1)


def test_a_retried_letter_waits_again_with_all_its_attempts(house: House, key: Key) -> None:
    house.say("where is my order?")
    ids = kill(house, key, "no such order")
    assert house.dead_letters.retry(ACTOR, "message", ids) == 1
    assert house.dead_letters.groups() == []
    assert [d.message.id for d in house.inbox.peek(Poll(key)).deliveries] == ids
    assert house.kinds()[-1] == "message.released"
    assert actions(house) == [
        ("dead letter retry", f"message {ids[0]}", "no such order", "tried again")
    ]


def test_retrying_twice_acts_once(house: House, key: Key) -> None:
    house.say("hello")
    ids = kill(house, key, "x")
    house.dead_letters.retry(ACTOR, "message", ids)
    with pytest.raises(LetterNotFound):
        house.dead_letters.retry(ACTOR, "message", ids)
    assert house.kinds().count("message.released") == 1


def test_an_unknown_letter_stops_all_of_them(house: House, key: Key) -> None:
    house.say("hello")
    ids = kill(house, key, "x")
    with pytest.raises(LetterNotFound):
        house.dead_letters.retry(ACTOR, "message", [*ids, 999])
    assert house.state(ids[0]) == "dead"
    assert actions(house) == []


def test_all_of_one_reason_in_parts(
    house: House, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "AT_ONCE", 2)
    for number in range(5):
        house.say(f"message {number}")
    kill(house, key, "the agent was ill")
    house.say("another", GRACES_CHAT, GRACE)
    kill(house, key, "another reason")
    assert house.dead_letters.retry_all(ACTOR, "message", "the agent was ill") == 5
    assert [g.reason for g in house.dead_letters.groups()] == ["another reason"]


def test_a_discarded_letter_is_in_no_list_until_it_is_restored(house: House, key: Key) -> None:
    house.say("buy now!!!")
    ids = kill(house, key, "x")
    assert house.dead_letters.discard(ACTOR, "message", ids, " advertising ") == 1
    assert house.dead_letters.groups() == []
    assert house.inbox.redrive(key, []) == []
    assert house.state(ids[0]) == "dead"
    assert house.dead_letters.discard(ACTOR, "message", ids, "advertising") == 0, "once is enough"
    assert house.dead_letters.restore(ACTOR, "message", ids) == 1
    assert [g.count for g in house.dead_letters.groups()] == [1]
    assert [a[0].split()[-1] for a in actions(house)] == ["discard", "restore"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_discard_needs_a_reason(house: House, key: Key, reason: str) -> None:
    house.say("hello")
    ids = kill(house, key, "x")
    with pytest.raises(InvalidField):
        house.dead_letters.discard(ACTOR, "message", ids, reason)
    assert len(house.dead_letters.groups()) == 1


def test_a_dead_job_runs_again(house: House) -> None:
    accepted = house.say("/describe")
    with house.store.write():
        house.store.database.connection.execute(
            "UPDATE jobs SET status = 'dead', attempts = 3, error = 'The worker stopped.'"
        )
    (group,) = house.dead_letters.groups()
    assert (group.kind, group.reason, group.count) == ("job", "The worker stopped.", 1)
    (letter,) = house.dead_letters.letters("job", group.reason)
    assert house.dead_letters.retry(ACTOR, "job", [letter.id]) == 1
    job = house.jobs.find(accepted.message.job_id or "")
    assert (job.status, job.attempts) == ("pending", 0)
    assert actions(house)[0][1] == job.id
