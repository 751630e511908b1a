"""What a streamed answer means for the message that it answers."""

from dataclasses import dataclass

from chat_bridge.model import Key
from chat_bridge.ports import Clock, NewEvent, Store


@dataclass(frozen=True)
class Leases:
    store: Store
    clock: Clock

    def keep(self, key: Key, message_id: int, seconds: int) -> None:
        """Whoever is writing the answer still holds the message; no lease is made shorter."""
        message = self.store.messages.find(message_id)
        if message is None or message.state != "leased" or message.leased_by != key.consumer:
            return
        now, boot = self.clock.boot_ms(), self.clock.boot_id()
        ends = message.lease_until or 0
        if message.lease_boot == boot and now < ends < now + seconds * 500:
            self.store.inbox.extend(message_id, now + seconds * 1000, boot)

    def dismiss(self, session_id: str, message_id: int) -> None:
        """The visitor wants no more of an answer: the message is done."""
        message = self.store.messages.find(message_id)
        if message is None or message.session_id != session_id:
            return
        if self.store.messages.finish(message_id):
            facts = {"message_id": message_id}
            now = self.clock.now()
            event = NewEvent(session_id, "message.acked", now, message_id=message_id, payload=facts)
            self.store.events.add(event)
