"""Every action and every route of the contract, with fields that are right, wrong and invented:
never a 5xx but a 503 that is gone when it is asked again, always JSON of the promised shape. 2,000
cases here, 20,000 in `make fuzz`."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import contract
from tests.servers import RunningBridge, serving
from tests.wire.caller import SECONDS
from tests.wire.test_hostile_bodies import FIELDS, WRONG, texts, values

CASES, MANY_CASES = 2_000, 20_000
IN_A_NIGHT = settings.default is not None and settings.default.max_examples >= 5_000
SESSIONS = ("session_fuzz", "session_other", "session_nobody", "widget_1")
PINNED = ("/chat/api/send_message", "/admin/api/config")
LATER = frozenset({"wait"})  # nothing to fuzz in waiting, but much time to lose
TRIES, MOST_BUSY = 3, 20  # of all cases, however many
Operation = tuple[str, str, list[str], list[str]]


def operations() -> list[Operation]:
    """Method, address, names of its query and of its body."""
    found = []
    for path, methods in contract.document()["paths"].items():
        for method, said in methods.items():
            query = [p["name"] for p in said["parameters"] if p["in"] == "query"]
            content = said.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema", {}).get("properties", {})
            found.append((method.upper(), path, [n for n in query if n not in LATER], list(body)))
    return sorted(found)


class Knocker:
    """One connection that stays open, for each of the callers."""

    def __init__(self, running: RunningBridge) -> None:
        self.connection = HTTPConnection("127.0.0.1", running.port, timeout=SECONDS)
        self.keys = {"admin": running.admin_key, "agent": running.agent_key}
        self.busy = 0

    def knock(self, who: str, method: str, target: str, body: bytes | None) -> None:
        headers = {"Content-Type": "application/json"}
        if who in self.keys:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        status, kind, content = self._answered(method, target, body, headers)
        assert status < 500, (method, target, body, content)
        assert self.busy <= MOST_BUSY, content
        if status >= 400 and not (status == 415 and target.startswith(PINNED)):
            assert kind == "application/json", (method, target, body, content)

    def _answered(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        """A 503 says that nothing was done and when to come again."""
        for _ in range(TRIES):
            self.connection.request(method, target, body, headers)
            answer = self.connection.getresponse()
            content, kind = answer.read(), answer.headers["Content-Type"] or ""
            contract.check(method, target, answer.status, kind, content)
            if answer.status != 503:
                break
            self.busy += 1
            time.sleep(float(answer.headers["Retry-After"]))
        return answer.status, kind, content


@pytest.fixture(scope="module")
def knocker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knocker]:
    with serving(tmp_path_factory.mktemp("fuzz"), CHAT_BRIDGE_LOG_LEVEL="error") as running:
        found = Knocker(running)
        yield found
        found.connection.close()


anything = values | st.sampled_from(WRONG) | st.sampled_from(SESSIONS)
words = st.sampled_from(SESSIONS) | texts | st.sampled_from(["0", "-1", "1e9", "²", "9" * 40, "\0"])


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, bytes | None]:
    method, path, asked, told = draw(st.sampled_from(operations()))
    for name in ("session_id", "name", "job_id", "prefix"):
        path = path.replace(f"{{{name}}}", quote(draw(words) or "x", safe="", errors="replace"))
    names = st.sampled_from([*asked, "session_id", "cursor"]) | texts
    query = draw(st.dictionaries(names.filter(lambda n: n not in LATER), words, max_size=4))
    entry = {"action": draw(st.sampled_from(list(contract.ACTIONS)))} if "action" in asked else {}
    encoded = urlencode({**query, **entry}, errors="replace")
    body = None
    if method == "POST":
        fields = st.sampled_from([*told, *FIELDS]) | texts
        some = st.dictionaries(fields, anything, max_size=6)
        whole = st.fixed_dictionaries({"session_id": st.sampled_from(SESSIONS)})
        good = st.builds(lambda a, b: {"message": "hi", "response": "hi", **a, **b}, whole, some)
        body = draw(some.map(_json) | good.map(_json) | st.binary(max_size=200))
    return method, f"{path}?{encoded}", body


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@settings(
    max_examples=MANY_CASES if IN_A_NIGHT else CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(who=st.sampled_from(["admin", "agent", "nobody"]), request=requests())
def test_whatever_comes_is_answered_as_promised(
    knocker: Knocker, who: str, request: tuple[str, str, bytes | None]
) -> None:
    knocker.knock(who, *request)
