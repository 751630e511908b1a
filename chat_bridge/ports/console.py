"""What the console reads and writes beside what everybody does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chat_bridge.model import (
    Answered,
    CannedReply,
    Claim,
    Conversation,
    FailedJob,
    JobCounts,
    Listed,
    Message,
    Note,
    Resolution,
    Response,
    Snooze,
    Visiting,
    Waiting,
)
from chat_bridge.ports.records import RecordStore


@dataclass(frozen=True)
class Moment:
    """Now, as leases count: milliseconds since boot, and which boot."""

    now: int
    boot: str


@dataclass(frozen=True)
class WaitingFilter:
    """`after` is the last `first_id` of the page before; agent 0 is the default agent; `reader`
    is the person whose unread marks are wanted."""

    after: int = 0
    claimed: bool = False
    snoozed: bool = False
    agent_id: int | None = None
    words: str | None = None
    reader: int = 0
    limit: int = 50


@dataclass(frozen=True)
class SessionFilter:
    """`last_activity` and `id` are those of the last row of the page before."""

    default_id: int
    last_activity: str | None = None
    id: int | None = None
    status: str | None = None
    agent_id: int | None = None
    words: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class ResponseFilter:
    before: int | None = None
    kind: str | None = None
    session_id: str | None = None
    status: str | None = None
    limit: int = 50


class DeskStore(Protocol):
    def waiting(self, wanted: WaitingFilter, at: Moment) -> Sequence[Conversation]: ...
    def of_person(self, person_id: int, at: Moment, limit: int) -> Sequence[Conversation]: ...
    def count(self, at: Moment) -> Waiting: ...
    def count_of_person(self, person_id: int, at: Moment) -> int: ...
    def take(self, claim: Claim, now: int) -> bool:
        """False when somebody else holds the session."""
        ...

    def claim_of(self, session_id: str, at: Moment) -> Claim | None: ...
    def release(self, session_id: str) -> bool: ...
    def open_messages(self, session_id: str) -> Sequence[Message]: ...
    def add_note(self, session_id: str, *, username: str, note: str, now: str) -> None: ...
    def notes(self, session_id: str, before: str | None, limit: int) -> Sequence[Note]: ...
    def sign(self, response_id: int, username: str) -> None: ...
    def signatures(self, session_id: str, before: str | None, limit: int) -> Mapping[int, str]: ...
    def newest_response(self, session_id: str) -> int: ...
    def snooze(self, snooze: Snooze, at: Moment, *, until: int, last_id: int) -> None: ...
    def wake(self, session_id: str) -> bool: ...
    def snooze_of(self, session_id: str, at: Moment) -> Snooze | None: ...
    def look(self, session_id: str, person_id: int, seen: tuple[int, int]) -> None: ...
    def news(self, session_id: str, person_id: int) -> tuple[int, int] | None:
        """The newest message and note; None where they have seen both."""
        ...

    def resolve(self, resolution: Resolution) -> None: ...
    def resolution_of(self, session_id: str) -> Resolution | None: ...
    def end_resolution(self, session_id: str) -> bool: ...
    def reopen_message(self, message_id: int) -> bool: ...


class ConsoleStore(Protocol):
    def sessions(self, wanted: SessionFilter) -> Sequence[Listed]: ...
    def responses(self, wanted: ResponseFilter) -> Sequence[Answered]: ...
    def response(self, response_id: int) -> Response | None: ...
    def close_session(self, session_id: str, *, now: str) -> bool: ...
    def reopen_session(self, session_id: str, *, now: str) -> bool: ...
    def visiting(self, session_id: str) -> Visiting: ...


class OverviewStore(Protocol):
    def hours(self, since: str, bound: int) -> Sequence[tuple[str, int]]: ...
    def answers(self, since: str, bound: int) -> Sequence[tuple[str, str]]:
        """When each was asked, and when it was answered."""
        ...

    def jobs(self, since: str, bound: int, mistakes: Collection[str]) -> JobCounts:
        """`mistakes` are the error codes that do not count as failures."""
        ...

    def dead(self, bound: int) -> int: ...
    def failures(
        self, bound: int, limit: int, mistakes: Collection[str]
    ) -> Sequence[FailedJob]: ...


@dataclass(frozen=True)
class CannedFilter:
    """`after` is the last shortcut of the page before, `words` a LIKE pattern."""

    after: str = ""
    words: str | None = None
    removed: bool = False
    limit: int = 50


class CannedStore(Protocol):
    def page(self, wanted: CannedFilter) -> Sequence[CannedReply]: ...
    def find(self, number: int) -> CannedReply | None: ...
    def count(self) -> int: ...
    def add(self, shortcut: str, body: str, *, now: str, by: str) -> int | None:
        """None where the shortcut is taken."""
        ...

    def change(self, number: int, body: str, *, removed: bool, now: str, by: str) -> None: ...


class RedactionStore(Protocol):
    """Takes words out of every place that keeps them; `notice` stands there instead."""

    def note(self, note_id: int) -> Note | None: ...
    def message(self, message: Message, notice: str, *, title: str, now: str) -> None:
        """With its job's command, and the title of the session that was made of it."""
        ...

    def response(
        self, response: Response, notice: str, *, metadata: Mapping[str, Any], job_id: str | None
    ) -> None: ...
    def erase_note(self, note: Note, notice: str) -> None: ...


class FormStore(Protocol):
    def reserve(self, form_key: str, *, now: str) -> bool: ...
    def answer(self, form_key: str) -> str | None: ...
    def keep(self, form_key: str, answer: str) -> None: ...
    def forget(self, form_key: str) -> None: ...
    def forget_old(self, before: str) -> None: ...


class OfficeStore(Protocol):
    """The part of the database that only the console uses."""

    @property
    def desk(self) -> DeskStore: ...
    @property
    def console(self) -> ConsoleStore: ...
    @property
    def overview(self) -> OverviewStore: ...
    @property
    def canned(self) -> CannedStore: ...
    @property
    def forms(self) -> FormStore: ...
    @property
    def records(self) -> RecordStore: ...
    @property
    def redactions(self) -> RedactionStore: ...
