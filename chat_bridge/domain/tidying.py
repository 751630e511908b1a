"""What an administrator tidies up, over the wire or in the console: done once here, with its entry
in the audit log."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chat_bridge.domain.audit import Audit
from chat_bridge.domain.live import LiveSettings
from chat_bridge.domain.sessions import Sessions
from chat_bridge.domain.sizes import as_size
from chat_bridge.model.logs import LogSizes
from chat_bridge.ports import Clock, Store


@dataclass(frozen=True)
class Tidying:
    store: Store
    clock: Clock
    sessions: Sessions
    audit: Audit
    live: LiveSettings
    rotate_logs: Callable[[], LogSizes]

    def expire_idle(self, actor: str) -> int:
        """Marks only: an expired session keeps its rows, takes replies and wakes up again."""
        with self.store.write():
            count = self.sessions.retire(self.live.now().session_timeout)
            if count:
                told = f"{count} expired"
                self.audit.write(actor, "cleanup", subject="idle sessions", after=told)
        return count

    def forget_sign_ins(self, actor: str) -> int:
        """Those that are over."""
        with self.store.write():
            count = self.store.logins.forget(self.clock.now())
            self.audit.write(actor, "cleanup", subject="sign-ins", after=f"{count} forgotten")
        return count

    def erase_everything(self, actor: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """What there was before, and what is there now. Audited first: files are erased on the
        way, so it is no transaction that could be taken back."""
        counted = json.dumps(dict(self.store.sessions.count_everything()))
        self.audit.write(
            actor, "clear_data", subject="every conversation", before=counted, after="erased"
        )
        return self.sessions.erase_all()

    def clean_up_logs(self, actor: str) -> LogSizes:
        """Sets large logs aside, forgets old ones, and says what is left."""
        sizes = self.rotate_logs()
        left = f"{as_size(sizes.total)}, {sizes.backups} set aside"
        self.audit.write(actor, "cleanup_logs", subject="logs", after=left)
        return sizes
