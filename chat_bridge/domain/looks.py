"""What of the conversations each operator has seen: the marks of their inbox."""

import logging
from dataclasses import dataclass

from chat_bridge.errors import BridgeError
from chat_bridge.model import Person
from chat_bridge.ports import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Looks:
    store: Store

    def at(self, session_id: str, person: Person) -> None:
        """Somebody opens a conversation. A mark that cannot be kept keeps nobody from reading."""
        news = self.store.desk.news(session_id, person.id)
        if news is None:
            return
        try:
            with self.store.write():
                self.store.desk.look(session_id, person.id, news)
        except BridgeError as error:
            log.warning("no mark of what was read: %s", error)
