"""What operators call conversations, to find them again: `refund`, `waiting for carrier`."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain.audit import Audit
from chat_bridge.errors import InvalidField, SessionNotFound
from chat_bridge.model import Person
from chat_bridge.ports import Clock, NewEvent, Store

ALLOWED = re.compile(r"\w[\w .&+/-]{0,29}")
MOST = 10
OFFERED = 200


@dataclass(frozen=True)
class Tags:
    store: Store
    clock: Clock
    audit: Audit

    def of(self, session_id: str) -> Sequence[str]:
        return self.store.tags.of_session(session_id)

    def in_use(self) -> Sequence[str]:
        return self.store.tags.in_use(OFFERED)

    def add(self, session_id: str, person: Person, text: str) -> str:
        """Its name as it is kept; one that is there already stays as it is."""
        tag = _name(text)
        with self.store.write():
            before = self._before(session_id)
            if tag not in before:
                if len(before) >= MOST:
                    raise InvalidField(field="tag", reason=f"there are {MOST} already")
                now = self.clock.now()
                self.store.tags.add(session_id, tag, username=person.username, now=now)
                self._changed(session_id, person, before)
        return tag

    def remove(self, session_id: str, person: Person, tag: str) -> None:
        with self.store.write():
            before = self._before(session_id)
            if tag in before:
                self.store.tags.remove(session_id, tag)
                self._changed(session_id, person, before)

    def _before(self, session_id: str) -> Sequence[str]:
        if self.store.sessions.find(session_id) is None:
            raise SessionNotFound
        return self.of(session_id)

    def _changed(self, session_id: str, person: Person, before: Sequence[str]) -> None:
        facts = {"by": person.username}
        self.store.events.add(NewEvent(session_id, "desk.tagged", self.clock.now(), payload=facts))
        self.audit.write(
            person.actor, "conversation.tag", subject=session_id,
            before=", ".join(before), after=", ".join(self.of(session_id)),
        )  # fmt: skip


def _name(text: str) -> str:
    """As everybody writes it: no two tags differ in their case or their spaces alone."""
    name = " ".join(unicodedata.normalize("NFC", text).lower().split())
    if not ALLOWED.fullmatch(name):
        raise InvalidField(
            field="tag",
            reason="1 to 30 letters, digits, spaces and . & + / -, as waiting for carrier",
        )
    return name
