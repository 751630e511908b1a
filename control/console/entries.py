"""What happened in a session as the console shows it: who said what, and a line for each fact."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chat_bridge.domain.agents import Agents
from chat_bridge.domain.items import STATES
from chat_bridge.domain.markdown import html
from chat_bridge.domain.redaction import NOTICE
from chat_bridge.domain.timeline import Entry
from chat_bridge.model import Message, Note, Response, Session
from chat_bridge.ports import EventRow
from control.console.people_shown import letter

PRIVATE = ("receipt", "body_hash", "lease_boot", "leased_by")
FACTS = {
    "message.leased": "Message {message_id} was handed to {agent}",
    "operator": "Message {message_id} was taken by an operator",
    "message.released": "Message {message_id} was given back and waits again",
    "message.acked": "Message {message_id} is done",
    "message.dead": "Message {message_id} became a dead letter: {reason}",
    "job.created": "Job queued",
    "job.progress": "Job under way",
    "job.completed": "Job completed",
    "job.failed": "Job failed",
    "job.cancelled": "Job cancelled",
    "session.updated": "The session changed",
    "redacted": "The text of {type} {id} was removed",
    "desk.claimed": "{by} took the conversation",
    "desk.released": "{by} handed the conversation back",
    "desk.resolved": "{by} resolved the conversation",
    "desk.reopened": "{by} reopened the conversation",
    "desk.tagged": "{by} changed the tags",
    "desk.snoozed": "{by} put the conversation off until {until}",
    "desk.woken": "{by} put the conversation back among those that wait",
}


@dataclass(frozen=True)
class EntryView:
    """`kind` is visitor, answer, note or fact; `key` stays the same from page to page. `html` is
    the answer as the server has sanitised it, for the script that makes nodes of it; `path` leads
    to what was said, while its words are there."""

    kind: str
    key: str
    at: str
    who: str
    text: str
    foot: str = ""
    state: str = ""
    html: str = ""
    job_id: str = ""
    attachments: Sequence[str] = ()
    raw: str = ""
    path: str = ""

    @property
    def letter(self) -> str:
        return letter(self.who)


@dataclass(frozen=True)
class Teller:
    """Names the people and programs of one session."""

    agents: Agents
    session: Session
    visitor: str
    raw: bool = False

    def views(self, entries: Sequence[Entry]) -> Sequence[EntryView]:
        return [self._view(entry) for entry in entries]

    def _view(self, entry: Entry) -> EntryView:
        what = entry.what
        if isinstance(what, Message):
            return self._message(entry, what)
        if isinstance(what, Response):
            return self._response(entry, what)
        if isinstance(what, Note):
            return EntryView(
                "note", f"n{what.id}", entry.at, what.username, what.text,
                foot="only operators see this", raw=self._raw(what), path=_path("note", what),
            )  # fmt: skip
        return self._fact(entry, what)

    def _message(self, entry: Entry, message: Message) -> EntryView:
        word = STATES.get(message.state, message.state)
        tried = f" · attempt {message.attempts}" if message.attempts > 1 else ""
        return EntryView(
            "visitor", f"m{message.id}", entry.at, self.visitor, message.text,
            foot=f"to {self._agent(message)} · {word}{tried}", state=message.state,
            job_id=message.job_id or "", attachments=message.attachments, raw=self._raw(message),
            path=_path("message", message),
        )  # fmt: skip

    def _response(self, entry: Entry, response: Response) -> EntryView:
        agent = self.agents.by_id(self.session.agent_id).name
        names = response.metadata.get("attachments")
        files = [str(name) for name in names] if isinstance(names, list) else []
        return EntryView(
            "answer", f"r{response.id}", entry.at, entry.by or agent, response.text,
            foot="operator" if entry.by else response.kind, html=html(response.text),
            job_id=str(response.metadata.get("job_id") or ""), attachments=files,
            state=response.kind, raw=self._raw(response), path=_path("response", response),
        )  # fmt: skip

    def _fact(self, entry: Entry, row: EventRow) -> EntryView:
        facts: dict[str, Any] = {"message_id": row.message_id, **row.payload}
        facts |= facts.get("redacted") or {}
        if "agent" in facts:
            facts["agent"] = self._called(str(facts["agent"]))
        if "until" in facts:
            facts["until"] = str(facts["until"])[:16].replace("T", " ") + " UTC"
        words = FACTS.get(_fact(row), row.kind).format_map(_Facts(facts))
        raw = self._raw(row)
        key, job_id = f"e{row.seq}", row.job_id or ""
        return EntryView("fact", key, entry.at, "", words, state=row.kind, job_id=job_id, raw=raw)

    def _called(self, slug: str) -> str:
        """As visitors read it; one that was removed since by its short name."""
        return next((one.name for one in self.agents.all() if one.slug == slug), slug)

    def _agent(self, message: Message) -> str:
        return self.agents.by_id(message.agent_id).name

    def _raw(self, what: Message | Response | Note | EventRow) -> str:
        if not self.raw:
            return ""
        shown = {name: value for name, value in asdict(what).items() if name not in PRIVATE}
        return json.dumps(shown, ensure_ascii=False, indent=2, default=str)


def _fact(row: EventRow) -> str:
    """What kind of fact it is, more exactly than its event's kind."""
    if row.kind == "message.leased" and row.payload.get("agent") == "operator":
        return "operator"
    return "redacted" if row.payload.get("redacted") else row.kind


def _path(kind: str, said: Message | Response | Note) -> str:
    return "" if said.text == NOTICE else f"{kind}/{said.id}"


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
