import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

log = logging.getLogger(__name__)


class Claims:
    """Two threads do what the hub must not: read and write the database for waiting sockets."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="push-claim")

    def submit(self, action: Callable[..., None], *arguments: Any) -> None:
        try:
            self._pool.submit(action, *arguments).add_done_callback(_report)
        except RuntimeError:
            log.debug("push: the process ends, %s is not run", action)

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _report(done: "Future[None]") -> None:
    if not done.cancelled() and (fault := done.exception()) is not None:
        log.error("push: a claim failed", exc_info=fault)
