import select
import time
from typing import Any

from chat_bridge.push.arrivals import Arrival, PatientThreadWorker, look
from chat_bridge.push.shares import Shares

NEXT_WITHIN_MS = 2
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
