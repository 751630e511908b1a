import select
import selectors
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

NEXT_WITHIN_MS = 2


class ReadyThreadWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gthread with threads only for requests that are there.

    Its own way gives a new connection a thread for up to 5 s before the first byte (browsers open
    spare ones), and gives a kept one back to the main thread after each answer, which costs two
    thread switches a request although a busy client's next one is there within a moment.
    """

    def enqueue_req(self, conn: Any) -> None:
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.set_timeout()
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def handle(self, conn: Any) -> Any:
        result = super().handle(conn)
        while result is True and self._next_is_there(conn):
            result = super().handle(conn)
        return result

    def _next_is_there(self, conn: Any) -> bool:
        """Waits only while nobody else waits for a thread."""
        if not self.alive or self.tpool._work_queue.qsize() or conn.parser.unreader.buf.getvalue():
            return False
        poll = select.poll()
        poll.register(conn.sock, select.POLLIN)
        return bool(poll.poll(NEXT_WITHIN_MS))

    def _cap_keepalive(self, deadline: float) -> None:
        """Connections that never asked anything must not hold up the end either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
