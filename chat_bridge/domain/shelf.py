"""A visitor's own list of conversations: their names, which of them stay on top, and what was said
where."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain.sessions import Sessions
from chat_bridge.errors import InvalidField
from chat_bridge.model import Session, Visitor
from chat_bridge.ports import Clock, Store

LONGEST_TITLE = 120
SHORTEST_SEARCH = 2
BEFORE, EXCERPT = 40, 160


@dataclass(frozen=True)
class Place:
    session: Session
    excerpt: str


@dataclass(frozen=True)
class Shelf:
    store: Store
    clock: Clock
    sessions: Sessions

    def rename(self, session: Session, title: str) -> None:
        name = " ".join("".join(one for one in title if one.isprintable() or one.isspace()).split())
        if not name or len(name) > LONGEST_TITLE:
            raise InvalidField(field="title", reason=f"expected 1 to {LONGEST_TITLE} characters")
        with self.store.write():
            self.store.sessions.rename(session.session_id, name, now=self.clock.now())
            self.sessions.updated(session.session_id, title=name)

    def pin(self, session: Session, on: bool) -> None:
        with self.store.write():
            self.store.sessions.pin(session.session_id, on)
            self.sessions.updated(session.session_id, pinned=on)

    def search(self, visitor: Visitor, words: str, limit: int) -> Sequence[Place]:
        """Their conversations with these words in the title or in what was said, latest first."""
        wanted = words.strip()
        if len(wanted) < SHORTEST_SEARCH:
            return []
        own = self.sessions.listed(visitor.person, visitor.secret or "")
        said = self.store.sessions.said([one.session_id for one in own], wanted, len(own))
        found = [
            Place(session, _around(said.get(session.session_id, ""), wanted))
            for session in own
            if session.session_id in said or wanted.lower() in (session.title or "").lower()
        ]
        return found[:limit]


def _around(text: str, words: str) -> str:
    """The line of a long text where the words stand."""
    flat = " ".join(text.split())
    start = max(0, flat.lower().find(words.lower()) - BEFORE)
    shown = flat[start : start + EXCERPT]
    return ("… " if start else "") + shown + (" …" if start + EXCERPT < len(flat) else "")
