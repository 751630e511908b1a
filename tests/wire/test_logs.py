"""What a request leaves in the logs: its id, and nothing that opens anything."""

import json
import urllib.request
from collections.abc import Callable

from tests.patience import await_true
from tests.servers import RunningBridge


def lines(bridge: RunningBridge) -> list[dict[str, str]]:
    path = bridge.data_dir / "logs" / "web.log"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_request_is_found_by_the_id_its_answer_told(
    start_bridge: Callable[..., RunningBridge],
) -> None:
    bridge = start_bridge()
    address = f"{bridge.url}/api/v1/?action=responses&session_id=session_of_ada"
    with urllib.request.urlopen(address, timeout=10) as answer:
        told = answer.headers["X-Request-Id"]

    def found() -> list[dict[str, str]]:
        return [line for line in lines(bridge) if line.get("request_id") == told]

    await_true(found)
    (line,) = found()
    assert "GET /api/v1/?action=responses 200" in line["message"]
    assert "session_of_ada" not in line["message"]
