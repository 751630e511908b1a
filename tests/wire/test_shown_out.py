"""Whoever is signed out, closed or revoked hears nothing more, at once: on requests that wait and
on streams as on sockets."""

import http.client
import json
import re
import time
from collections.abc import Callable
from itertools import count

import pytest
import websocket

from tests import people
from tests.people import PASSWORD, Session
from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Answer, Caller
from tests.wire.test_waiting import Stream
from tests.wire.waiting import answered_after

NUMBERS = count(1)
AT_ONCE = 12.0  # sooner than any look around finds it: those of sockets take 25 seconds
Leave = Callable[[Session, RunningBridge], object]


@pytest.fixture
def grace(bridge: RunningBridge) -> Session:
    return Session(bridge.port).sign_in(people.add(bridge, f"grace{next(NUMBERS)}"))


def conversation(person: Session) -> str:
    return str(person.call("POST", "/api/v1/sessions", {}).json["data"]["session_id"])


def browser(person: Session) -> Caller:
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    return Caller(person.port, {"Cookie": cookies})


def everywhere(person: Session, bridge: RunningBridge) -> object:
    return person.form("/account/sign-out-everywhere", csrf_token=person.token)


def here(person: Session, bridge: RunningBridge) -> object:
    return person.form("/logout", csrf_token=person.token)


def another_password(person: Session, bridge: RunningBridge) -> object:
    """Changed in another browser of theirs."""
    other = Session(bridge.port).sign_in(named(person))
    new = "red tractors at noon"
    return other.form(
        "/account/password", csrf_token=other.token, old_password=PASSWORD, new_password=new,
        new_password_again=new,
    )  # fmt: skip


def demoted(person: Session, bridge: RunningBridge) -> object:
    mary, number = administrator(person, bridge)
    return mary.call("PUT", f"/api/users/{number}", {"role": "viewer"})


def closed(person: Session, bridge: RunningBridge) -> object:
    mary, number = administrator(person, bridge)
    return mary.call("DELETE", f"/api/users/{number}")


def named(person: Session) -> str:
    (name,) = re.findall(r'name="username" value="(\w+)"', person.page("/account"))
    return str(name)


def administrator(person: Session, bridge: RunningBridge) -> tuple[Session, int]:
    """Somebody who administers, and the number that they know the person by."""
    mary = Session(bridge.port).sign_in(people.add(bridge, f"mary{next(NUMBERS)}", "admin"))
    (found,) = mary.call("GET", f"/api/users?search={named(person)}").json
    return mary, int(found["id"])


LEAVES = [everywhere, here, closed, demoted, another_password]


@pytest.mark.parametrize("leave", LEAVES)
@pytest.mark.parametrize("desk", [False, True])
def test_a_socket_is_closed_with_the_sign_in(
    bridge: RunningBridge, leave: Leave, desk: bool
) -> None:
    """Of a visitor who is signed in, and of an operator's console; the next request is a 401."""
    role = "operator" if desk else "user"
    person = Session(bridge.port).sign_in(people.add(bridge, f"olga{next(NUMBERS)}", role))
    query = "desk=1" if desk else f"session_id={conversation(person)}"
    socket = websocket.create_connection(
        f"ws://127.0.0.1:{bridge.port}/ws?{query}", timeout=30,
        cookie=browser(person).headers["Cookie"],
        origin=f"http://127.0.0.1:{bridge.port}",
    )  # fmt: skip
    assert json.loads(socket.recv())["type"] == "ready"
    waits = browser(person)
    leave(person, bridge)
    left = time.monotonic()
    while socket.recv():
        continue
    assert time.monotonic() - left < AT_ONCE
    socket.shutdown()
    assert waits.call("GET", "/api/agents").status == 401


@pytest.mark.parametrize("leave", [everywhere, closed])
@pytest.mark.parametrize("action", ["responses", "events"])
def test_a_poll_that_waits_ends_with_the_sign_in(
    bridge: RunningBridge, grace: Session, action: str, leave: Leave
) -> None:
    session, waits = conversation(grace), browser(grace)
    cursor = waits.call("GET", f"/api/v1/sessions/{session}").data["cursor"]

    def act() -> Answer:
        leave(grace, bridge)
        return caller.visitor(bridge).call("GET", "/api/v1/health")

    took, answer = answered_after(
        lambda: waits.get(action, session_id=session, cursor=cursor, wait=30), act
    )
    assert (answer.status, answer.json["error_code"]) == (401, "session_expired")
    assert took < AT_ONCE


def test_somebody_elses_poll_goes_on(bridge: RunningBridge, grace: Session) -> None:
    other = Session(bridge.port).sign_in(people.add(bridge, f"ida{next(NUMBERS)}"))
    session, waits = conversation(other), browser(other)
    cursor = waits.call("GET", f"/api/v1/sessions/{session}").data["cursor"]

    def leave() -> Answer:
        everywhere(grace, bridge)
        return caller.visitor(bridge).call("GET", "/api/v1/health")

    took, answer = answered_after(
        lambda: waits.get("events", session_id=session, cursor=cursor, wait=3), leave
    )
    assert (answer.status, took > 1) == (200, True)


def test_a_stream_ends_with_the_sign_in(bridge: RunningBridge, grace: Session) -> None:
    session = conversation(grace)
    stream = Stream(bridge.port, session, cookie=browser(grace).headers["Cookie"])
    caller.agent(bridge).reply(session, "Good morning")
    assert len(stream.take(1)) == 1
    took, _ = answered_after(
        lambda: Answer(200, stream.answer.headers, json.dumps(list(stream)).encode()),
        lambda: signed_out(grace, bridge),
    )
    assert took < AT_ONCE
    again = Stream(bridge.port, session, cookie=browser(grace).headers.get("Cookie", ""))
    assert again.answer.status == 401
    for one in (stream, again):
        one.answer.close()
        one.close()


def signed_out(person: Session, bridge: RunningBridge) -> Answer:
    everywhere(person, bridge)
    return caller.visitor(bridge).call("GET", "/api/v1/health")


class TestKeys:
    @pytest.fixture
    def key(self, admin: Caller) -> dict[str, str]:
        return dict(admin.call("POST", "/api/v1/keys", {"name": "night shift"}).data)

    def test_a_revoked_keys_poll_takes_nothing_more(
        self, bridge: RunningBridge, admin: Caller, key: dict[str, str]
    ) -> None:
        holder = Caller(bridge.port, {"Authorization": f"Bearer {key['key']}"})
        took, answer = answered_after(
            lambda: holder.get("inbox", wait=30, after_id=10**12),
            lambda: admin.call("DELETE", f"/api/v1/keys/{key['prefix']}"),
        )
        assert (answer.status, answer.json["error_code"]) == (401, "invalid_key")
        assert took < AT_ONCE

    def test_a_revoked_keys_stream_ends(
        self, bridge: RunningBridge, admin: Caller, key: dict[str, str], session: str
    ) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", bridge.port, timeout=30)
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {key['key']}"}
        connection.request("GET", "/api/v1/?action=events", headers=headers)
        stream = connection.getresponse()
        took, _ = answered_after(
            lambda: Answer(stream.status, stream.headers, stream.read()),
            lambda: admin.call("DELETE", f"/api/v1/keys/{key['prefix']}"),
        )
        connection.close()
        assert took < AT_ONCE

    def test_a_revoked_keys_socket_is_closed(
        self, bridge: RunningBridge, admin: Caller, key: dict[str, str]
    ) -> None:
        socket = websocket.create_connection(
            f"ws://127.0.0.1:{bridge.port}/ws", timeout=10,
            header=[f"Authorization: Bearer {key['key']}"],
        )  # fmt: skip
        assert json.loads(socket.recv())["type"] == "ready"
        admin.call("DELETE", f"/api/v1/keys/{key['prefix']}")
        said = [json.loads(text) for text in iter(socket.recv, "") if text]
        assert said[-1]["error_code"] == "invalid_key"
        socket.shutdown()
