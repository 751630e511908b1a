"""The shipped agent plugin as the bridge sees it: what it asks, expects and remembers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.servers import RunningBridge
from tests.wire.caller import Caller

Item = dict[str, Any]
HEADERS = {"User-Agent": "Broca2-WebChat-Plugin/1.0", "Content-Type": "application/json"}


@dataclass
class Plugin:
    """One process of it. `hand_over` may fail; what it has taken is remembered until it ends."""

    http: Caller
    hand_over: Callable[[Item], None]
    done: set[tuple[str, int, str]] = field(default_factory=set)

    @classmethod
    def started(cls, bridge: RunningBridge, hand_over: Callable[[Item], None]) -> "Plugin":
        key = {"Authorization": f"Bearer {bridge.agent_key}"}
        plugin = cls(Caller(bridge.port, key | HEADERS), hand_over)
        plugin.fetch(limit=1)
        return plugin

    def fetch(self, limit: int = 50) -> list[Item]:
        answer = self.http.call("GET", f"/api/v1/?action=inbox&limit={limit}&offset=0")
        assert answer.headers.get_content_type() == "application/json"
        items: list[Item] = answer.data["messages"]
        return items

    def poll(self) -> list[Item]:
        found = self.fetch()
        for item in found:
            mark = (item["session_id"], item["id"], item["timestamp"])
            if mark not in self.done and self._handed_over(item):
                self.done.add(mark)
        return found

    def answer(self, session_id: str, text: str) -> None:
        body = {"session_id": session_id, "response": text}
        assert self.http.call("POST", "/api/v1/?action=outbox", body).json["success"] is True

    def _handed_over(self, item: Item) -> bool:
        assert item["session_id"]
        assert item["message"]
        assert item["uid"][:8]
        datetime.fromisoformat(item["timestamp"].replace("Z", "+00:00"))
        try:
            self.hand_over(item)
        except OSError:
            return False
        return True
