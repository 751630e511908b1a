"""The numbered events as readers get them: one cursor, bodies joined in at reading time."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain import items
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.items import Item, Links
from chat_bridge.errors import CursorExpired, InvalidField
from chat_bridge.model import Event, Response
from chat_bridge.ports import EventRow, Store

PAGE = 200
PAGE_CHARACTERS = 1 << 20  # a body is sent up to three times: text, old name, HTML
PROGRESS = ("job_id", "message_id", "status", "started_at", "progress", "steps")


@dataclass(frozen=True)
class Feed:
    store: Store
    agents: Agents
    links: Links

    def newest(self) -> int:
        return self.store.events.newest()

    def cursor(self, text: str | None) -> int:
        """A cursor as given: absent = from now on, `0` = from the oldest kept."""
        if text is None or text == "":
            return self.newest()
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise InvalidField(field="cursor", reason="expected the number given by an answer")
        return int(text)

    def begin(self, text: str | None, session_id: str | None) -> int:
        """The same for a connection that stays: a cursor it could not go on from is said first."""
        cursor = self.cursor(text)
        self.heads(cursor, 1, session_id)
        return cursor

    def heads(
        self, cursor: int, limit: int = PAGE, session_id: str | None = None, *,
        operator: bool = False,
    ) -> Sequence[EventRow]:  # fmt: skip
        """Events after a cursor, without bodies: cheap; what operators tell one another only for
        an `operator`. CursorExpired where earlier ones are no longer kept, or that lies ahead of
        all there ever was: the database was restored."""
        pruned_to = self.store.events.pruned_to()
        if 0 < cursor < pruned_to:
            raise self._expired(pruned_to, session_id)
        found = self.store.events.after(cursor, limit, session_id, operator=operator)
        if not found and cursor > (newest := self.newest()):
            raise self._expired(newest, session_id, ahead=True)
        return found

    def _expired(self, oldest: int, session_id: str | None, ahead: bool = False) -> CursorExpired:
        snapshot = self.links.session(session_id) + "/messages" if session_id else None
        text = f"There is no event after {oldest} yet; start again from the snapshot."
        return CursorExpired(text if ahead else None, oldest=oldest, snapshot=snapshot)

    def after(self, cursor: int, limit: int = PAGE, session_id: str | None = None) -> list[Event]:
        """The same with bodies: fewer than `limit` where they are long."""
        heads = self.heads(cursor, limit, session_id)
        return self.load(self.fitting(heads))

    def fitting(self, heads: Sequence[EventRow]) -> Sequence[EventRow]:
        """As many of them, and at least one, as make an answer of a size that anybody can take."""
        if len(heads) < 2:
            return heads
        size, sizes = 0, self.store.events.sizes([row.seq for row in heads])
        for number, row in enumerate(heads):
            size += sizes.get(row.seq, 0)
            if size > PAGE_CHARACTERS and number:
                return heads[:number]
        return heads

    def load(self, heads: Sequence[EventRow], links: Links | None = None) -> list[Event]:
        """Joins in the bodies; an event whose body was erased since is left out."""
        joined = _Bodies(self.store, self.agents, links or self.links, heads)
        events = []
        for row in heads:
            data = joined.data(row)
            if data is not None:
                events.append(
                    Event(row.seq, row.session_id, row.kind, row.audience, data, row.created_at)
                )
        return events

    def response(self, response: Response, links: Links) -> Item:
        """A response with the files it speaks of."""
        return items.response_item(response, files_of(self.store, response, links))


class _Bodies:
    """The messages, responses and jobs of one batch, read once each."""

    def __init__(
        self, store: Store, agents: Agents, links: Links, rows: Sequence[EventRow]
    ) -> None:
        self._store, self._agents, self._links = store, agents, links
        created = [row.message_id for row in rows if row.kind == "message.created"]
        answered = [
            row.response_id
            for row in rows
            if row.response_id is not None and row.kind == "response.created"
        ]
        self._messages = store.events.messages([i for i in created if i]) if created else {}
        self._responses = store.events.responses(answered) if answered else {}
        pairs = [pair for row in rows if (pair := _piece(row))]
        self._pieces = store.streams.deltas(pairs) if pairs else {}
        self._jobs: dict[str, Item | None] = {}

    def data(self, row: EventRow) -> Item | None:
        if row.kind == "message.created":
            message = self._messages.get(row.message_id or 0)
            agent = str(row.payload.get("agent", ""))
            return {"message": items.message_item(message, agent)} if message else None
        if row.kind == "response.created":
            response = self._responses.get(row.response_id or 0)
            if response is None:
                return None
            files = files_of(self._store, response, self._links)
            return {"response": items.response_item(response, files)}
        if pair := _piece(row):
            text = self._pieces.get(pair)
            return None if text is None else {**row.payload, "delta": text}
        if row.job_id:
            job = self._job(row.job_id)
            return _job_facts(row.kind, job) if job else None
        return dict(row.payload)

    def _job(self, job_id: str) -> Item | None:
        if job_id not in self._jobs:
            job = self._store.jobs.find(job_id)
            outputs = self._store.attachments.of_job(job_id)
            self._jobs[job_id] = items.job_item(job, outputs, self._links) if job else None
        return self._jobs[job_id]


def _piece(row: EventRow) -> tuple[int, int] | None:
    """Which piece of which answer an event tells of."""
    if row.kind != "response.delta" or row.payload.get("stream") != "delta":
        return None
    return (row.response_id or 0, int(row.payload.get("sequence", 0)))


def _job_facts(kind: str, job: Item) -> Item:
    if kind == "job.progress":
        return {name: job[name] for name in PROGRESS}
    return {"job": job}


def files_of(store: Store, response: Response, links: Links) -> list[Item]:
    """Agents write metadata as they like: whatever is no list of names names no files."""
    names = response.metadata.get("attachments")
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    found = (store.attachments.find(response.session_id, name) for name in texts)
    return [items.file_item(file, links) for file in found if file]
