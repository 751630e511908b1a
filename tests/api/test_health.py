from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.servers import WithoutWorkers
from tests.wire import caller
from tests.wire.caller import Caller


def test_many_may_ask_at_once(ada: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda _: ada.call("GET", "/api/v1/health/ready").status, range(200))
        assert set(asked) == {200}


def test_not_ready_is_a_failure_that_says_why(tmp_path: Path) -> None:
    running = WithoutWorkers(tmp_path, {"CHAT_BRIDGE_JOB_WORKERS": "0"})
    try:
        running.start()
        answer = caller.visitor(running).call("GET", "/api/v1/health/ready")
    finally:
        running.stop()
    assert (answer.status, answer.json["success"]) == (503, False)
    assert answer.json["error_code"] == "not_ready"
    assert answer.json["details"]["checks"]["worker"] != "ok"
    assert answer.headers["Retry-After"]
    room = answer.json["details"]["room"]
    assert (room["files"], room["used_bytes"], room["warnings"]) == (0, 0, [])
    assert room["free_bytes"] > 0
    assert set(room["quotas"]) == {"session_bytes", "key_bytes", "total_bytes"}
