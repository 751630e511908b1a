"""Which answers visitors have fetched, and which of them are there: gathered in memory by whatever
serves them, and written down together at each heartbeat. A commit for each would cost as much as
the answer itself; what a crash takes stays `pending`, which says no more than is known."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chat_bridge.domain.live import LiveSettings
from chat_bridge.domain.sessions import Sessions
from chat_bridge.ports import Clock, Store

AT_ONCE = 2_000


@dataclass(frozen=True)
class Readers:
    """`here` and `fetched` may be called on any thread, and never wait."""

    store: Store
    clock: Clock
    sessions: Sessions
    live: LiveSettings
    _fetched: deque[int] = field(default_factory=deque)
    _here: deque[str] = field(default_factory=deque)
    _noted: dict[str, int] = field(default_factory=dict)

    def here(self, session_id: str) -> None:
        """Its visitor listens right now."""
        self._here.append(session_id)

    def fetched(self, responses: Iterable[int]) -> None:
        self._fetched.extend(responses)

    def note(self) -> None:
        """One thread at a time; what could not be written is tried again at the next."""
        while fetched := {self._fetched.popleft() for _ in range(min(len(self._fetched), AT_ONCE))}:
            try:
                self._deliver(sorted(fetched))
            except BaseException:
                self._fetched.extend(fetched)
                raise
        timeout = self.live.now().session_timeout
        long_ago = self.clock.boot_ms() - timeout * 100
        for session_id in {self._here.popleft() for _ in range(len(self._here))}:
            if self._noted.get(session_id, long_ago) <= long_ago:
                self._keep(session_id, timeout)
        for session_id in [one for one, noted in self._noted.items() if noted <= long_ago]:
            del self._noted[session_id]

    def _deliver(self, responses: Sequence[int]) -> None:
        """Pages that read everything again every two seconds cost a look and no write."""
        if waiting := self.store.responses.undelivered(responses):
            with self.store.write():
                self.store.responses.deliver(waiting)

    def _keep(self, session_id: str, timeout: int) -> None:
        session = self.store.sessions.find(session_id)
        if session is not None:
            self.sessions.watched(session, timeout)
        self._noted[session_id] = self.clock.boot_ms()
