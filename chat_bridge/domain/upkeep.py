"""What nobody asks for but has to be done: lost leases, old events."""

import time
from dataclasses import dataclass, field

from chat_bridge.domain.inbox import Inbox
from chat_bridge.ports import Clock, Store

EVENTS_KEPT_MS = 7 * 86_400_000
OFTEN_SECONDS = 1.0
SELDOM_SECONDS = 600.0


@dataclass
class Upkeep:
    store: Store
    clock: Clock
    inbox: Inbox
    _often: float = field(default=float("-inf"), init=False)
    _seldom: float = field(default=float("-inf"), init=False)

    def tend(self) -> None:
        """Does what is due; cheap to call often."""
        now = time.monotonic()
        if now - self._often >= OFTEN_SECONDS:
            self._often = now
            self.inbox.sweep()
        if now - self._seldom >= SELDOM_SECONDS:
            self._seldom = now
            self.forget_old_events()

    def forget_old_events(self) -> None:
        """Readers with an older cursor get 410 from now on, never a silent gap."""
        before = self.clock.text(self.clock.now_ms() - EVENTS_KEPT_MS)
        last = self.store.events.last_before(before)
        if last is None:
            return
        with self.store.write():
            self.store.events.prune(before)
            self.store.settings.put(
                "events_pruned_to", str(last), description="the last event number forgotten",
                secret=False, now=self.clock.now(),
            )  # fmt: skip
