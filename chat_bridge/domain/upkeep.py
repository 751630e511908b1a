"""What nobody asks for but has to be done: lost leases, old events, idle sessions, orphans."""

import logging
import time
from dataclasses import dataclass, field

from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.calls import Calls
from chat_bridge.domain.inbox import Inbox
from chat_bridge.domain.live import LiveSettings
from chat_bridge.domain.sessions import Sessions
from chat_bridge.domain.streams import Streams
from chat_bridge.ports import Clock, Files, Store

log = logging.getLogger(__name__)
DAY_MS = 86_400_000
EVENTS_KEPT_MS = 7 * DAY_MS
OFTEN_SECONDS = 1.0
SELDOM_SECONDS = 600.0
ORPHAN_SECONDS = 3_600.0
ERASED_AT_ONCE = 100
FORGOTTEN_AT_ONCE = 1_000


@dataclass
class Upkeep:
    """A `retention_days` of 0 keeps every conversation."""

    store: Store
    files: Files
    clock: Clock
    sessions: Sessions
    attachments: Attachments
    inbox: Inbox
    streams: Streams
    live: LiveSettings
    calls: Calls
    _often: float = field(default=float("-inf"), init=False)
    _seldom: float = field(default=float("-inf"), init=False)

    def tend(self) -> None:
        """Does what is due; cheap to call often."""
        now = time.monotonic()
        if now - self._often >= OFTEN_SECONDS:
            self._often = now
            self.live.now()  # follows the keys of the shared table
            self.inbox.sweep()
            self.streams.sweep()
        if now - self._seldom >= SELDOM_SECONDS:
            self._seldom = now
            self.forget_old_events()
            self.retire_sessions()
            self.calls.sweep()
            self.sweep_orphans()

    def forget_old_events(self) -> None:
        """Readers with an older cursor get 410 from now on, never a silent gap."""
        last = self.store.events.last_before(self._ago(EVENTS_KEPT_MS))
        if last is None:
            return
        with self.store.write():
            self.store.settings.put(
                "events_pruned_to", str(last), description="the last event number forgotten",
                secret=False, now=self.clock.now(),
            )  # fmt: skip
        while self._prune(last):
            continue

    def _prune(self, last: int) -> bool:
        """A few at a time: others write in between."""
        with self.store.write():
            return self.store.events.prune(last, FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE

    def retire_sessions(self) -> None:
        """Marks idle sessions as expired; deletes them only when retention is asked for."""
        wanted = self.live.now()
        self.sessions.retire(wanted.session_timeout)
        if wanted.retention_days:
            before = self._ago(wanted.retention_days * DAY_MS)
            for session in self.store.sessions.idle(before, ERASED_AT_ONCE):
                self.sessions.erase(session)
                log.info("retention: erased a session idle since %s", session.last_activity)

    def sweep_orphans(self) -> None:
        """Bytes without a row: left by a crash between storing a file and naming it."""
        for sha256 in self.files.settled(ORPHAN_SECONDS):
            self.attachments.discard(sha256)

    def _ago(self, milliseconds: int) -> str:
        return self.clock.text(self.clock.now_ms() - milliseconds)
