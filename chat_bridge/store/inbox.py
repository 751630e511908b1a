import sqlite3
from dataclasses import dataclass

from chat_bridge.model import Message
from chat_bridge.ports import Asking, Hold
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class InboxRows:
    sql: Queries

    def waiting(self, asking: Asking, limit: int) -> list[Message]:
        parameters = {
            "consumer": asking.consumer,
            "after_id": asking.after_id,
            "now": asking.now,
            "boot": asking.boot,
            "limit": limit,
        }
        if asking.any_agent:
            found = self.sql.waiting_messages(**parameters)
        else:
            found = self.sql.waiting_messages_for_agent(agent_id=asking.agent_id, **parameters)
        return [rows.message(row) for row in found]

    def count(self, asking: Asking, bound: int) -> int:
        """What the asker could be given, up to a bound."""
        whose = {
            "any_agent": int(asking.any_agent),
            "agent_id": asking.agent_id,
            "after_id": asking.after_id,
        }
        waiting = int(self.sql.count_waiting(bound=bound, **whose)[0])
        if not waiting:
            return 0
        beyond = self.sql.count_out_of_reach(
            consumer=asking.consumer, now=asking.now, boot=asking.boot, **whose
        )
        return max(waiting - int(beyond[0]), 0)

    def lease(self, message_id: int, hold: Hold, receipt: str) -> bool:
        return bool(self.sql.lease_message(id=message_id, receipt=receipt, **vars(hold)))

    def held_by(self, consumer: str) -> list[Message]:
        return _by_id(self.sql.held_by(consumer=consumer))

    def by_receipt(self, receipt: str) -> Message | None:
        row = self.sql.message_by_receipt(receipt=receipt)
        return rows.message(row) if row else None

    def ended(self, now: int, boot: str) -> list[Message]:
        return _by_id(self.sql.ended_leases(now=now, boot=boot))

    def any_ended(self, now: int, boot: str) -> bool:
        return bool(self.sql.count_ended_leases(now=now, boot=boot)[0])

    def release(
        self, message_id: int, *, not_before: int, boot: str, reason: str | None, refund: int = 0
    ) -> bool:
        changed = self.sql.release_message(
            id=message_id, not_before=not_before, boot=boot, reason=reason, refund=refund
        )
        return bool(changed)

    def bury(self, message_id: int, reason: str) -> bool:
        return bool(self.sql.bury_message(id=message_id, reason=reason))

    def holds_any(self, agent_id: int | None, now: int, boot: str) -> bool:
        return self.sql.live_lease(agent_id=agent_id, now=now, boot=boot) is not None

    def extend(self, message_id: int, until: int, boot: str) -> bool:
        return bool(self.sql.extend_lease(id=message_id, until=until, boot=boot))

    def serve_again(self, message_id: int, until: int, boot: str) -> bool:
        return bool(self.sql.serve_again(id=message_id, until=until, boot=boot))

    def dead(self, limit: int) -> list[Message]:
        return [rows.message(row) for row in self.sql.dead_messages(limit=limit)]

    def redrive(self, message_id: int) -> bool:
        return bool(self.sql.redrive_message(id=message_id))


def _by_id(found: list[sqlite3.Row]) -> list[Message]:
    return sorted((rows.message(row) for row in found), key=lambda message: message.id)
