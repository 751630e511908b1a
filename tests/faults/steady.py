"""Clients that never try again: whatever is refused, broken or lost while they talk is counted."""

import http.client
import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.account import rows
from tests.patience import await_true

BROKEN = (OSError, http.client.HTTPException)
SECONDS = 30.0


@dataclass
class Steady:
    """`kept` of the clients reuse their connection, as a browser does; the others open one for
    each request, as nginx does."""

    port: int
    clients: int = 8
    kept: int = 4
    pause: float = 0.01
    acks: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Steady"]:
        threads = [threading.Thread(target=self._talk, args=(n,)) for n in range(self.clients)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            for thread in threads:
                thread.join(2 * SECONDS)

    def go_on(self, more: int) -> None:
        """Returns when so many more messages have been answered."""
        wanted = len(self.acks) + more
        await_true(lambda: len(self.acks) >= wanted, SECONDS)

    def _talk(self, client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        for number in itertools.count():
            if self._ended.wait(self.pause):
                break
            self._say(connection, f"session_steady_{client}", f"{client}-{number}")
            if client >= self.kept:
                connection.close()
        connection.close()

    def _say(self, connection: http.client.HTTPConnection, session: str, name: str) -> None:
        body = json.dumps({"session_id": session, "message": name, "client_msg_id": name})
        try:
            connection.request("POST", "/api/v1/?action=messages", body)
            answer = connection.getresponse()
            content = answer.read()
        except BROKEN as error:
            self.failures.append(f"{name}: {error!r}")
            connection.close()
            return
        if answer.status == 200:
            self.acks[name] = int(json.loads(content)["data"]["message_id"])
        else:
            self.failures.append(f"{name}: {answer.status} {content[:200]!r}")

    def lost(self, data_dir: Path) -> list[str]:
        """What was answered with 200 and is not stored, or not once."""
        stored = rows(data_dir, "SELECT client_msg_id, id FROM web_chat_messages")
        assert len({name for name, _ in stored}) == len(stored)
        found = dict(stored)
        return [name for name, number in self.acks.items() if found.get(name) != number]
