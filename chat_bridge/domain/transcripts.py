"""A conversation, both sides in order: page by page for readers, as a document for keeping."""

import html as html_escape
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat_bridge.domain import items
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.feed import Feed, files_of
from chat_bridge.domain.items import Item, Links
from chat_bridge.model import Message, Response, Session
from chat_bridge.ports import Store

PAGE = 50
ALL = 1_000_000
STYLE = "body{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}"


@dataclass(frozen=True)
class Page:
    items: Sequence[Item]
    before: str | None
    cursor: int


@dataclass(frozen=True)
class Transcripts:
    store: Store
    agents: Agents
    feed: Feed

    def page(self, session: Session, before: str | None, limit: int, links: Links) -> Page:
        """The newest page before a point, oldest item first. The cursor is read first: an event
        committed meanwhile is then seen twice, never missed."""
        cursor = self.feed.newest()
        with self.store.snapshot():
            messages = self.store.messages.page(session.session_id, before, limit + 1)
            responses = self.store.responses.page(session.session_id, before, limit + 1)
            both: list[Message | Response] = sorted(
                [*messages, *responses], key=lambda one: (one.timestamp, one.id), reverse=True
            )
            page = both[:limit]
            shown = [self._item(one, links) for one in reversed(page)]
        more = len(both) > limit
        return Page(shown, page[-1].timestamp if more else None, cursor)

    def export(self, session: Session, form: str, links: Links) -> tuple[str, str]:
        """The whole conversation as (text, content type): `md`, `json` or `html`."""
        page = self.page(session, None, ALL, links)
        if form == "md":
            return _markdown(session, page.items), "text/markdown; charset=utf-8"
        if form == "html":
            return _document(session, page.items), "text/html; charset=utf-8"
        return _json(session, page.items), "application/json"

    def _item(self, one: Message | Response, links: Links) -> Item:
        if isinstance(one, Response):
            return items.response_item(one, files_of(self.store, one, links))
        return items.message_item(one, self.agents.by_id(one.agent_id).slug)


def _json(session: Session, shown: Sequence[Item]) -> str:
    document: dict[str, Any] = {**items.session_item(session), "items": list(shown)}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _markdown(session: Session, shown: Sequence[Item]) -> str:
    lines = [f"# {session.title or 'Conversation'}", ""]
    for item in shown:
        lines += [f"**{_who(item)}** · {item['timestamp']}", "", _text(item), ""]
    return "\n".join(lines)


def _document(session: Session, shown: Sequence[Item]) -> str:
    title = html_escape.escape(session.title or "Conversation")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    parts = [
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><title>{title}</title><style>{STYLE}</style><h1>{title}</h1>'
    ]
    for item in shown:
        body = item.get("html") or f"<p>{html_escape.escape(_text(item))}</p>"
        parts.append(f"<h2>{_who(item)} <small>{item['timestamp']}</small></h2>{body}")
    return "\n".join(parts)


def _who(item: Item) -> str:
    return "You" if item["type"] == "message" else "Answer"


def _text(item: Item) -> str:
    return str(item["message"] if item["type"] == "message" else item["response"])
