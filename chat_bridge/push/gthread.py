import select
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

NEXT_WITHIN_MS = 2


class ReadyThreadWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gthread gives a kept connection back to its main thread after each answer, which costs two
    thread switches a request. A busy client's next request is there within a moment: the thread
    that answered waits for it, unless others wait for a thread."""

    def handle(self, conn: Any) -> Any:
        result = super().handle(conn)
        while result is True and self._next_is_there(conn):
            result = super().handle(conn)
        return result

    def _next_is_there(self, conn: Any) -> bool:
        if not self.alive or self.tpool._work_queue.qsize() or conn.parser.unreader.buf.getvalue():
            return False
        poll = select.poll()
        poll.register(conn.sock, select.POLLIN)
        return bool(poll.poll(NEXT_WITHIN_MS))
