"""A worker's own process without the process: the real store, the real child."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chat_bridge.app import services
from chat_bridge.config import Settings
from chat_bridge.domain.bridge import Bridge
from chat_bridge.model import (
    Attachment,
    Job,
    Limits,
    NewMessage,
    Profile,
    Progress,
    Response,
    Run,
    RunResult,
    Source,
    Visitor,
)
from chat_bridge.worker import child
from chat_bridge.worker.confined import ConfinedEngine
from chat_bridge.worker.handle import Handler

ADA = Visitor(secret="ada-keeps-this-secret-of-forty-characters")
CHAT = "session_ada"
CUSTOMERS = b"name,city\nAda,Berlin\nBob,Rome\nCyd,Berlin\n"


@dataclass
class Hands(ConfinedEngine):
    """The real engine, with something that happens while it works, or instead."""

    meanwhile: Callable[[], None] = lambda: None
    error: Exception | None = None

    def run(
        self, run: Run, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> RunResult:
        if self.error is not None:
            raise self.error
        done = super().run(run, on_progress, should_stop)
        self.meanwhile()
        return done

    def profile(self, source: Source, limits: Limits, folder: Path) -> Profile:
        if self.error is not None:
            raise self.error
        return super().profile(source, limits, folder)


@dataclass
class Workshop:
    bridge: Bridge
    hands: Hands = field(default_factory=Hands)
    stopping: bool = False

    @property
    def handler(self) -> Handler:
        return Handler(self.bridge, self.hands, Limits(wall_seconds=30), lambda: self.stopping)

    def say(self, text: str, agent: str = "sheets") -> int:
        return self.bridge.messages.accept(NewMessage(CHAT, text, agent=agent), ADA).message.id

    def upload(self, name: str = "customers.csv", content: bytes = CUSTOMERS) -> Attachment:
        """After the first message, which opens the conversation."""
        blob = self.bridge.attachments.receive(io.BytesIO(content))
        return self.bridge.attachments.attach(self.bridge.sessions.find(CHAT), blob, name)

    def claim(self) -> Job:
        job = self.bridge.jobs.claim("worker-1")
        assert job is not None
        return job

    def given(self, text: str, agent: str = "sheets") -> Job:
        """A command over the customers, claimed."""
        self.say("/help")
        self.handler.handle(self.claim())
        self.upload()
        self.handler.handle(self.claim())
        self.say(text, agent)
        return self.claim()

    def now(self, job: Job) -> Job:
        return self.bridge.jobs.find(job.id)

    def answers(self, job: Job) -> list[Response]:
        found = self.bridge.store.responses.page(CHAT, None, 50)
        return [answer for answer in found if answer.metadata.get("job_id") == job.id]

    def outputs(self) -> list[Attachment]:
        return [f for f in self.bridge.attachments.of_session(CHAT) if f.kind == "output"]

    def state(self, message_id: int | None) -> str:
        message = self.bridge.store.messages.find(message_id or 0)
        assert message is not None
        return message.state

    def due(self) -> None:
        """As if the time until the next try had passed."""
        store = self.bridge.store
        with store.write():
            store.database.connection.execute("UPDATE jobs SET not_before = 0")  # type: ignore[attr-defined]  # the adapter's own

    def lose(self, job: Job) -> Job:
        """Another worker takes the job over."""
        self.bridge.jobs.requeue(job, "gone", "job_failed")
        self.due()
        taken = self.bridge.jobs.claim("worker-2")
        assert taken is not None
        assert taken.id == job.id
        return taken


@contextmanager
def open_workshop(data_dir: Path) -> Iterator[Workshop]:
    bridge = services.open_store(Settings(data_dir=data_dir))
    try:
        yield Workshop(bridge)
    finally:
        child.shut_down()
        bridge.wakeup.close()  # type: ignore[attr-defined]  # the adapter's own
