"""What the bridge can rely on right now, each thing with its reason when not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chat_bridge.domain.room import SPARE_BYTES
from chat_bridge.errors import BridgeError
from chat_bridge.ports import Clock, Files, Store

OK = "ok"


@dataclass(frozen=True)
class Health:
    store: Store
    files: Files
    clock: Clock

    def checks(self) -> Mapping[str, str]:
        """`ok`, or why not, of store, files, disk and worker."""
        return {
            "store": _works(self.store.ping),
            "files": _works(self.files.ping),
            "disk": OK if self.files.free_bytes() > SPARE_BYTES else "low on space",
            "worker": self._worker(),
        }

    def _worker(self) -> str:
        alive = self.store.jobs.live_workers(self.clock.boot_ms(), self.clock.boot_id())
        return OK if alive else "no worker lives; commands wait"


def _works(ping: Callable[[], None]) -> str:
    try:
        ping()
    except BridgeError as error:
        return error.message
    except OSError as error:
        return error.strerror or "failed"  # not the path: anybody may ask
    return OK
