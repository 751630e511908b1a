from dataclasses import dataclass

from chat_bridge.model import Message
from chat_bridge.ports import MessageRow
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class MessageRows:
    sql: Queries

    def add(self, new: MessageRow) -> int:
        values = vars(new) | {"attachments": rows.to_json(new.attachments)}
        return int(self.sql.add_message(**values)["id"])

    def by_client_id(self, session_id: str, client_msg_id: str) -> Message | None:
        row = self.sql.message_by_client_id(session_id=session_id, client_msg_id=client_msg_id)
        return rows.message(row) if row else None

    def find(self, message_id: int) -> Message | None:
        row = self.sql.message_by_id(id=message_id)
        return rows.message(row) if row else None

    def any_to(self, session_id: str, agent_id: int | None) -> bool:
        return self.sql.message_to_agent(session_id=session_id, agent_id=agent_id) is not None

    def page(self, session_id: str, before: str | None, limit: int) -> list[Message]:
        found = self.sql.messages_of_session(session_id=session_id, before=before, limit=limit)
        return [rows.message(row) for row in found]

    def after(self, session_id: str, after: str, limit: int) -> list[Message]:
        found = self.sql.messages_after(session_id=session_id, after=after, limit=limit)
        return [rows.message(row) for row in found]

    def sizes(self, session_id: str, before: str | None, limit: int) -> list[int]:
        found = self.sql.sizes_of_transcript(session_id=session_id, before=before, limit=limit)
        return [row["size"] for row in found]

    def finish(self, message_id: int) -> bool:
        return bool(self.sql.finish_message(id=message_id))

    def hand_on(self, message_id: int) -> None:
        self.sql.hand_message_on(id=message_id)
