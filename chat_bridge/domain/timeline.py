"""Everything that happened in a session, in order, as staff read it: what was said by either
side, notes among operators, and each delivery, claim, retry and job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chat_bridge.domain import times
from chat_bridge.model import Message, Note, Response
from chat_bridge.ports import EventRow, Store

PAGE = 100
FIRST = ("desk.claimed", "message.leased")  # of one moment: taken, then answered, then done
Happened = Message | Response | Note | EventRow


@dataclass(frozen=True)
class Entry:
    """`by` is the operator who wrote an answer."""

    at: str
    what: Happened
    by: str | None = None

    @property
    def order(self) -> tuple[str, int, int]:
        if isinstance(self.what, EventRow):
            return self.at, 1 if self.what.kind in FIRST else 3, self.what.seq
        return self.at, 0 if isinstance(self.what, Message) else 2, self.what.id


@dataclass(frozen=True)
class Stretch:
    """Oldest first; `before` leads to what was earlier."""

    entries: Sequence[Entry]
    before: str | None


@dataclass(frozen=True)
class Timeline:
    store: Store

    def page(self, session_id: str, before: str | None, limit: int = PAGE) -> Stretch:
        """The newest entries before a moment; those of one moment are never torn apart."""
        with self.store.snapshot():
            found = sorted(
                self._read(session_id, before, limit + 1), key=lambda one: one.order, reverse=True
            )
        if len(found) <= limit:
            return Stretch(found[::-1], None)
        last = found[limit - 1].at
        shown = [one for one in found if one.at >= last]
        return Stretch(shown[::-1], last if len(shown) < len(found) else None)

    def _read(self, session_id: str, before: str | None, limit: int) -> Iterable[Entry]:
        store = self.store
        written = store.desk.signatures(session_id, before, limit)
        for note in store.desk.notes(session_id, before, limit):
            yield Entry(times.canonical(note.timestamp), note, note.username)
        for event in store.events.until(session_id, before, limit):
            yield Entry(times.canonical(event.created_at), event)
        for response in store.responses.page(session_id, before, limit):
            at = times.canonical(response.timestamp)
            yield Entry(at, response, written.get(response.id))
        for message in store.messages.page(session_id, before, limit):
            yield Entry(times.canonical(message.timestamp), message)
