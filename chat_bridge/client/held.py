import logging
import threading

from chat_bridge.client.client import Client
from chat_bridge.client.errors import ClientError, LeaseLost
from chat_bridge.client.values import InboxMessage

log = logging.getLogger("chat_bridge.agent")


class Held:
    """The messages an agent is holding. Their leases are renewed at a third of their time, those
    that wait for their turn included."""

    def __init__(self, client: Client, lease: float) -> None:
        self._client = client
        self._lease = lease
        self._receipts: dict[str, InboxMessage] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="leases", daemon=True)

    def start(self) -> None:
        self._renewing.start()

    def stop(self) -> None:
        self._ended.set()
        self._renewing.join()

    def take(self, message: InboxMessage) -> None:
        with self._lock:
            self._receipts[message.receipt or ""] = message

    def holds(self, message: InboxMessage) -> bool:
        with self._lock:
            return message.receipt in self._receipts

    def drop(self, message: InboxMessage) -> None:
        with self._lock:
            self._receipts.pop(message.receipt or "", None)

    def _renew(self) -> None:
        while not self._ended.wait(self._lease / 3):
            with self._lock:
                messages = list(self._receipts.values())
            if messages:
                self._extend(messages)

    def _extend(self, messages: list[InboxMessage]) -> None:
        """One lost lease refuses the whole batch: then each is asked for by itself."""
        try:
            self._client.extend(*messages, lease=self._lease)
        except LeaseLost:
            if len(messages) > 1:
                for message in messages:
                    self._extend([message])
            elif self.holds(messages[0]):
                log.warning("the lease on message %s is lost", messages[0].id)
                self.drop(messages[0])
        except ClientError as error:
            log.warning("could not renew %d leases: %s", len(messages), error)
