"""Clients that keep at it: a message is sent again, under the same client_msg_id, until it is
answered with 200; what was answered is written down."""

import contextlib
import http.client
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.journeys import customers
from tests.journeys.visitor import Desk, Visitor, action

BROKEN = (OSError, http.client.HTTPException)
COMMAND = "/search city='City 1','City 2' | normalize email=email_format | extract columns=id,email"
LONG_COMMAND = f"{COMMAND} | to-xlsx"
PAUSE = 0.02
LEASE = 8


@dataclass
class Ledger:
    """What the server has promised: message id by client_msg_id."""

    acks: dict[str, int] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def promised(self, client_id: str, data: dict[str, object]) -> None:
        with self.lock:
            self.acks[client_id] = int(str(data["message_id"]))
            if "job_id" in data:
                self.commands[str(data["job_id"])] = client_id


class Load:
    """Chat and commands of several visitors, and one agent that answers."""

    def __init__(
        self, url: str, key: str, *, rows: int = 20_000, pause: float = PAUSE, commands: int = 2
    ) -> None:
        self.ledger = Ledger()
        self._url, self._desk = url, Desk(url, key)
        self._pause = pause
        self._stopped, self._answered = threading.Event(), threading.Event()
        chatting = [Visitor(url, agent="default") for _ in range(4)]
        ordering = [Visitor(url) for _ in range(commands)]
        for visitor in ordering:
            visitor.upload("customers.csv", customers.large(rows))
        self._writers = [
            *(threading.Thread(target=self._chat, args=(visitor,)) for visitor in chatting),
            *(threading.Thread(target=self._order, args=(visitor,)) for visitor in ordering),
        ]
        self._agent = threading.Thread(target=self._answer)

    @contextlib.contextmanager
    def running(self) -> Iterator[Ledger]:
        for thread in (*self._writers, self._agent):
            thread.start()
        try:
            yield self.ledger
        finally:
            self.stop_writing()
            self._answered.set()
            self._agent.join(120)

    def stop_writing(self) -> None:
        """Everybody has got the answer to what they were just saying; the agent goes on."""
        self._stopped.set()
        for thread in self._writers:
            thread.join(120)

    def _chat(self, visitor: Visitor) -> None:
        self._talk(visitor, lambda number: f"message {number}", self._pause)

    def _order(self, visitor: Visitor) -> None:
        def text(number: int) -> str:
            return LONG_COMMAND if number % 2 else COMMAND

        self._talk(visitor, text, 20 * self._pause)

    def _talk(self, visitor: Visitor, text: Callable[[int], str], pause: float) -> None:
        for number in itertools.count():
            if self._stopped.wait(random.uniform(0, 2 * pause)):
                return
            self._say(visitor, text(number), f"{visitor.session_id}-{number}")

    def _say(self, visitor: Visitor, text: str, client_id: str) -> None:
        body = {
            "session_id": visitor.session_id, "message": text, "client_msg_id": client_id,
        }  # fmt: skip
        while True:
            try:
                told = visitor.call("POST", action("messages"), body)
            except BROKEN:
                told = None
            if told is not None and told.status == 200:
                self.ledger.promised(client_id, told.data)
                return
            if told is not None and told.status != 503:
                self.ledger.refused.append(f"{told.status} {told.body!r}")
                return
            with self.ledger.lock:
                self.ledger.retries += 1
            time.sleep(PAUSE)

    def _answer(self) -> None:
        """Every answer under its own key until it is stored. What a killed server had leased for
        an answer that never arrived comes again when the lease ends."""
        while not self._answered.is_set():
            try:
                messages = self._desk.inbox(wait=1, limit=50, lease=LEASE)
            except (*BROKEN, AssertionError):
                time.sleep(PAUSE)
                continue
            for message in messages:
                self._reply(message)

    def _reply(self, message: dict[str, object]) -> None:
        while True:
            with contextlib.suppress(*BROKEN):
                key = f"reply-{message['id']}"
                if self._desk.reply(message, "Thanks!", idempotency_key=key).status == 200:
                    return
            time.sleep(PAUSE)
