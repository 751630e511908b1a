"""Replays the table of facts against a real server."""

import re
from functools import reduce
from itertools import count
from typing import Any

import pytest

from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Answer, Caller
from tests.wire.facts import ENTRY, MESSAGES, MOMENT, RESPONSES, Fact
from tests.wire.facts_of_keys import ADMIN, INBOX, OUTBOX

FACTS = (*ENTRY, *MESSAGES, *RESPONSES, *INBOX, *OUTBOX, *ADMIN)
NUMBERS = count(1)


@pytest.fixture(scope="module")
def people(bridge: RunningBridge) -> dict[str, Caller]:
    stranger = Caller(bridge.port, {"Authorization": "Bearer wrong-key"})
    return {
        "ada": caller.visitor(bridge), "charles": caller.agent(bridge),
        "admin": caller.admin(bridge), "stranger": stranger,
    }  # fmt: skip


@pytest.fixture(scope="module")
def known(people: dict[str, Caller]) -> str:
    """A conversation with a message that waits and an answer."""
    name = "session_replayed"
    people["ada"].say(name, "Good morning")
    assert people["charles"].reply(name, "Hello").status == 200
    return name


def filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return reduce(lambda text, name: text.replace(*name), names.items(), value)
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    return value


def at(answer: Any, path: str) -> Any:
    for name in path.split("."):
        answer = answer[int(name) if isinstance(answer, list) else name]
    return answer


def assert_told(fact: Fact, answer: Answer, names: dict[str, str]) -> None:
    body = answer.json
    for path, pattern in fact.told.items():
        assert re.fullmatch(filled(pattern, names), str(at(body, path))), (path, answer.body)
    for path, keys in fact.keys.items():
        assert set(keys.split()) <= at(body, path).keys(), (path, answer.body)


def assert_enveloped(fact: Fact, answer: Answer) -> None:
    """Every answer has what every documented variant of the envelope had."""
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json
    assert body["success"] is (fact.status == 200)
    assert re.fullmatch(MOMENT, body["timestamp"])
    if fact.status != 200:
        assert (body["code"], body["message"]) == (fact.status, body["error"])


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_the_server_does_what_is_stated(people: dict[str, Caller], known: str, fact: Fact) -> None:
    names = {"{s}": known, "{new}": f"session_unused{next(NUMBERS)}"}
    method, _, path = filled(fact.request, names).partition(" ")
    answer = people[fact.who].call(method, path, filled(fact.body, names), headers=fact.headers)
    assert answer.status == fact.status, answer.body
    assert_enveloped(fact, answer)
    if fact.status != 200:
        named = fact.error in answer.error and fact.error.islower()
        assert named or answer.error == fact.error
    assert_told(fact, answer, names)
