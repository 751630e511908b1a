"""What a copied file adds."""

from typing import Protocol

from chat_bridge.model import OldLine, OldSession


class ImportStore(Protocol):
    """Each says whether the row is new."""

    def add_session(
        self, session: OldSession, *, chat_id: str, uid: str, created_at: str, last_activity: str
    ) -> bool: ...
    def add_message(self, line: OldLine, *, key: str, stamp: str) -> bool: ...
    def add_response(self, line: OldLine, *, key: str, response_id: str, stamp: str) -> bool: ...
    def raise_stamp(self, session_id: str, stamp: int) -> None: ...
