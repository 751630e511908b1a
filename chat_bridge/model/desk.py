"""What operators work on: conversations that wait, who holds them, what was noted."""

from dataclasses import dataclass

from chat_bridge.model.people import SessionOverview


@dataclass(frozen=True)
class Claim:
    """An operator's hold on a session; it ends by itself when nothing is done."""

    session_id: str
    person_id: int
    username: str
    claimed_at: str
    active_until: int
    boot: str


@dataclass(frozen=True)
class Conversation:
    """A row of the inbox; `since` is None where nobody waits. `answering` is set while an agent
    holds the message that waits, `wakes_at` while it is put off; `unread` is how much
    is new to whoever asked."""

    session_id: str
    first_id: int | None
    open_count: int
    title: str | None
    uid: str
    participant_name: str | None
    agent_id: int | None
    last_activity: str
    since: str | None
    line: str
    answering: bool
    claim: Claim | None
    wakes_at: str | None = None
    unread: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """How many sessions wait, how many of them nobody has taken, since when the first, and how many
    more were put off."""

    sessions: int
    unassigned: int
    oldest: str | None
    snoozed: int = 0


@dataclass(frozen=True)
class Note:
    """Said among operators; no visitor and no agent ever gets it."""

    id: int
    session_id: str
    username: str
    text: str
    timestamp: str


@dataclass(frozen=True)
class CannedReply:
    """Words that operators keep ready, found by their shortcut."""

    id: int
    shortcut: str
    body: str
    removed: bool
    updated_at: str
    updated_by: str


@dataclass(frozen=True)
class Snooze:
    """A conversation that was put off, until a moment or until its visitor writes again."""

    session_id: str
    username: str
    wakes_at: str


@dataclass(frozen=True)
class InboxView:
    """Filters of the inbox that an operator keeps under a name; `query` is their address."""

    id: int
    name: str
    query: str


@dataclass(frozen=True)
class Resolution:
    """Who said that nobody needs to answer any more, and which messages that ended."""

    session_id: str
    username: str
    resolved_at: str
    message_ids: tuple[int, ...]


@dataclass(frozen=True)
class Visiting:
    """What is known of a visitor beside the conversation, for staff."""

    participant_name: str | None
    ip_address: str | None
    user_agent: str | None


@dataclass(frozen=True)
class Listed:
    """A session as a row of a list, with its visitor's name where they gave one or signed in, and
    what was said in it with the words of a search."""

    session: SessionOverview
    name: str | None
    line: str | None = None


@dataclass(frozen=True)
class Answered:
    """An answer as a row of a list."""

    id: int
    session_id: str
    response_id: str
    line: str
    message_id: str | None
    kind: str
    status: str
    timestamp: str
    operator: str | None
    title: str | None
    uid: str


@dataclass(frozen=True)
class FailedJob:
    job_id: str
    session_id: str
    command: str
    error: str | None
    finished_at: str | None


@dataclass(frozen=True)
class JobCounts:
    running: int
    pending: int
    failed: int
