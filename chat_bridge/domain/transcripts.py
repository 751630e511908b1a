"""A conversation, both sides in order: page by page for readers, as a document for keeping."""

import heapq
import html as html_escape
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from chat_bridge.domain import items
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.feed import PAGE_CHARACTERS, Feed, files_of
from chat_bridge.domain.items import Item, Links
from chat_bridge.model import Message, Response, Session
from chat_bridge.ports import Store

PAGE = 50
STYLE = "body{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}"
Said = TypeVar("Said", Message, Response)


@dataclass(frozen=True)
class Page:
    items: Sequence[Item]
    before: str | None
    cursor: int
    streams: Sequence[Item] = ()


@dataclass(frozen=True)
class Transcripts:
    store: Store
    agents: Agents
    feed: Feed

    def page(self, session: Session, before: str | None, limit: int, links: Links) -> Page:
        """The newest page before a point, oldest item first, shorter where texts are long. The
        cursor is read first: an event committed meanwhile is then seen twice, never missed."""
        cursor = self.feed.newest()
        with self.store.snapshot():
            limit = _fitting(self.store.messages.sizes(session.session_id, before, limit), limit)
            messages = self.store.messages.page(session.session_id, before, limit + 1)
            responses = self.store.responses.page(session.session_id, before, limit + 1)
            both: list[Message | Response] = sorted(
                [*messages, *responses], key=lambda one: (one.timestamp, one.id), reverse=True
            )
            streams = [] if before else self.store.streams.of_session(session.session_id)
            growing = [items.stream_item(one, self.store.streams.text(one.id)) for one in streams]
            page = both[:limit]
            shown = [self._item(one, links) for one in reversed(page)]
        more = len(both) > limit
        return Page(shown, page[-1].timestamp if more else None, cursor, growing)

    def export(self, session: Session, form: str, links: Links) -> tuple[Iterator[str], str]:
        """The whole conversation, piece by piece, and its content type: `md`, `json` or `html`."""
        shown = (self._item(one, links) for one in self._in_order(session.session_id))
        if form == "md":
            return _markdown(session, shown), "text/markdown; charset=utf-8"
        if form == "html":
            return _document(session, shown), "text/html; charset=utf-8"
        return _json(session, shown), "application/json"

    def _in_order(self, session_id: str) -> Iterator[Message | Response]:
        """Both sides from the beginning, however long, a page of each in memory."""
        messages = _onward(lambda after: self.store.messages.after(session_id, after, PAGE))
        responses = _onward(lambda after: self.store.responses.after(session_id, after, PAGE))
        return heapq.merge(messages, responses, key=lambda one: one.timestamp)

    def _item(self, one: Message | Response, links: Links) -> Item:
        if isinstance(one, Response):
            return items.response_item(one, files_of(self.store, one, links))
        return items.message_item(one, self.agents.by_id(one.agent_id).slug)


def _fitting(sizes: Sequence[int], limit: int) -> int:
    """How many entries of these sizes a page holds, and at least one."""
    fits = sum(1 for size in accumulate(sizes) if size <= PAGE_CHARACTERS)
    return limit if fits == len(sizes) else max(1, fits)


def _onward(read: Callable[[str], Sequence[Said]]) -> Iterator[Said]:
    after = ""
    while page := read(after):
        yield from page
        after = page[-1].timestamp


def _json(session: Session, shown: Iterable[Item]) -> Iterator[str]:
    head = json.dumps(items.session_item(session), ensure_ascii=False, indent=2)
    yield head.removesuffix("\n}") + ',\n  "items": ['
    between = "\n"
    for item in shown:
        yield between + json.dumps(item, ensure_ascii=False, indent=2)
        between = ",\n"
    yield "\n]}\n"


def _markdown(session: Session, shown: Iterable[Item]) -> Iterator[str]:
    yield f"# {session.title or 'Conversation'}\n\n"
    for item in shown:
        yield f"**{_who(item)}** · {item['timestamp']}\n\n{_text(item)}\n\n"
        if names := _names(item):
            yield f"Files: {names}\n\n"


def _document(session: Session, shown: Iterable[Item]) -> Iterator[str]:
    title = html_escape.escape(session.title or "Conversation")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><title>{title}</title><style>{STYLE}</style><h1>{title}</h1>\n'
    )
    for item in shown:
        body = item.get("html") or f"<p>{html_escape.escape(_text(item))}</p>"
        names = _names(item)
        files = f"<p>Files: {html_escape.escape(names)}</p>" if names else ""
        yield f"<h2>{_who(item)} <small>{item['timestamp']}</small></h2>{body}{files}\n"


def _who(item: Item) -> str:
    return "You" if item["type"] == "message" else "Answer"


def _text(item: Item) -> str:
    return str(item["message"] if item["type"] == "message" else item["response"])


def _names(item: Item) -> str:
    """A message knows its files by name, an answer with all their facts."""
    return ", ".join(one if isinstance(one, str) else one["name"] for one in item["attachments"])
