import select
import time
from typing import Any

from chat_bridge.push.arrivals import Arrival, PatientThreadWorker, look
from chat_bridge.push.shares import Shares

NEXT_WITHIN_MS = 2
SILENT_SECONDS = 2.0  # a connection that may be closed when others need its place
PASS_SECONDS = 0.001
PASSES = 15
shares = Shares()  # made before the fork: every worker of this server sees the same memory


class ReadyThreadWorker(PatientThreadWorker):
    """gthread with threads only for requests that are there.

    Its own way gives a new connection a thread for up to 5 s before the first byte (browsers open
    spare ones), and gives a kept one back to the main thread after each answer, which costs two
    thread switches a request although a busy client's next one is there within a moment.
    """

    def notify(self) -> None:
        super().notify()
        shares.tell(self.age, self.nr_conns)
        if self.alive and self.nr_conns >= self.worker_connections:
            self._make_place()

    def _make_place(self) -> None:
        """A tenth of all places, of those connections that have been silent longest: between two
        requests either side may close at any time, and newcomers would wait for up to 65 s."""
        latest = time.monotonic() + self.cfg.keepalive - SILENT_SECONDS
        for waiting in (self.pending_conns, self.keepalived_conns):
            for conn in list(waiting)[: max(1, self.worker_connections // 10)]:
                if conn.timeout <= latest and look(conn)[0] is Arrival.NOTHING:
                    waiting.remove(conn)
                    self.poller.unregister(conn.sock)
                    self.nr_conns -= 1
                    conn.close()

    def accept(self, listener: Any) -> None:
        """All workers wake for a new connection and the first one would take a whole burst, which
        then lives on one core: whoever holds more than another leaves it a moment."""
        for _ in range(PASSES):
            if self.nr_conns <= shares.least_of_others(self.age) + 1:
                break
            time.sleep(PASS_SECONDS)
        super().accept(listener)
        shares.tell(self.age, self.nr_conns)

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
        return bool(poll.poll(NEXT_WITHIN_MS)) and look(conn)[0] is Arrival.WHOLE

    def _cap_keepalive(self, deadline: float) -> None:
        """Connections that never asked anything must not hold up the end either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
