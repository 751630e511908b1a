import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from chat_bridge.client.values import InboxMessage


class Turns:
    """Messages of one session one after another, of different sessions side by side."""

    def __init__(self, work: Callable[[InboxMessage], None], threads: int) -> None:
        self._work = work
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="turn")
        self._queues: dict[str, deque[InboxMessage]] = {}
        self._changed = threading.Condition()
        self._closing = False

    def room(self) -> int:
        """Waits for a free thread; 0 once there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or len(self._queues) < self._threads)
            return 0 if self._closing else self._threads - len(self._queues)

    def add(self, messages: Iterable[InboxMessage]) -> None:
        with self._changed:
            for message in messages:
                if message.session_id in self._queues:
                    self._queues[message.session_id].append(message)
                else:
                    self._queues[message.session_id] = deque([message])
                    self._pool.submit(self._run, message.session_id)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def finish(self) -> None:
        """Returns when everything added has been worked on."""
        self._pool.shutdown(wait=True)

    def _run(self, session_id: str) -> None:
        while (message := self._next(session_id)) is not None:
            self._work(message)

    def _next(self, session_id: str) -> InboxMessage | None:
        with self._changed:
            queue = self._queues[session_id]
            if queue:
                return queue.popleft()
            del self._queues[session_id]
            self._changed.notify_all()
            return None
