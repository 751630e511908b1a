"""What a key may do ends at its scopes and at its agent."""

import pytest

from tests.cli.programs import run
from tests.servers import RunningBridge
from tests.wire.caller import Caller

ACTIONS = {
    "inbox": ("GET", "inbox&peek=1"),
    "outbox": ("POST", "typing"),
    "events": ("GET", "events&session_id={}&cursor=0"),
}


def keyed(bridge: RunningBridge, *options: str) -> Caller:
    made = run("key", "new", "Mary", *options, env=bridge.environment)
    return Caller(bridge.port, {"Authorization": f"Bearer {made.stdout.strip()}"})


@pytest.mark.parametrize("scope", ACTIONS)
def test_a_scope_opens_its_actions_only(bridge: RunningBridge, session: str, scope: str) -> None:
    mary = keyed(bridge, "--scope", scope)
    for needed, (method, action) in ACTIONS.items():
        path = f"/api/v1/?action={action.format(session)}"
        answer = mary.call(method, path, {"session_id": session} if method == "POST" else None)
        assert answer.status == (200 if needed == scope else 403), (needed, answer.body)
    assert mary.get("sessions").status == 401


def test_a_bound_key_is_no_other_agents(bridge: RunningBridge, ada: Caller, session: str) -> None:
    mary = keyed(bridge, "--agent", "sheets")
    ada.say("session_for_mary", "hi", agent_id="sheets")
    assert mary.get("inbox", agent="default").status != 200
    assert [m["session_id"] for m in mary.get("inbox", peek=1).data["messages"]] == []
    assert mary.reply(session, "Hello").error == "Invalid session"
    assert mary.reply("session_for_mary", "Hello").status == 200
    for path in ("", "/messages", "/files", "/files/list.csv"):
        assert mary.call("GET", f"/api/v1/sessions/{session}{path}").status == 404
    assert mary.get("events", session_id=session, cursor=0).status == 404
    assert mary.get("events", cursor=0).status == 400


def test_the_last_use_is_shown(bridge: RunningBridge) -> None:
    mary = keyed(bridge)
    prefix = mary.headers["Authorization"].removeprefix("Bearer ")[:11]

    def line() -> str:
        listed = run("key", "list", env=bridge.environment).stdout.splitlines()
        return next(line for line in listed if line.startswith(prefix))

    assert "never used" in line()
    mary.get("inbox", peek=1)
    assert " used 2" in line()
