"""Dataclasses that templates read: formatted and decided, nothing left to work out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AgentView:
    id: int
    slug: str
    name: str
    letter: str
    description: str
    answering: bool
    built_in: bool
    current: bool

    @property
    def state(self) -> str:
        return "answers now" if self.answering else "away"


@dataclass(frozen=True)
class SessionView:
    session_id: str
    title: str
    last_activity: str
    clock: str
    current: bool
    pinned: bool = False


@dataclass(frozen=True)
class SessionGroup:
    label: str
    sessions: Sequence[SessionView]


@dataclass(frozen=True)
class PersonView:
    name: str
    role: str
    staff: bool


@dataclass(frozen=True)
class ChatPage:
    agent: AgentView
    agents: Sequence[AgentView]
    groups: Sequence[SessionGroup]
    title: str
    session_id: str | None
    max_upload_mb: int
    max_message_chars: int
    accept: str
    retention_days: int
    boot: Mapping[str, Any]
    me: PersonView | None = None
    offers_sign_in: bool = False


@dataclass(frozen=True)
class ErrorPage:
    status: int
    title: str
    advice: str


@dataclass(frozen=True)
class SignInPage:
    """`first` is true while nobody has an account."""

    next: str
    username: str
    error: str
    first: bool


@dataclass(frozen=True)
class LoginView:
    id: str
    browser: str
    address: str
    since: str
    used: str
    current: bool


@dataclass(frozen=True)
class AccountPage:
    username: str
    role: str
    email: str
    must_change: bool
    staff: bool
    logins: Sequence[LoginView]
    done: str
    error: str
