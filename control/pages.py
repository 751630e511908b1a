"""What the pages are made of: the services they ask, and how they are set."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chat_bridge.domain.accounts import Accounts
from chat_bridge.domain.guests import Guests
from chat_bridge.domain.live import LiveSettings
from chat_bridge.domain.logins import Logins
from chat_bridge.model import Agent, Person, Session
from control.assets import Assets


class AgentList(Protocol):
    """`chat_bridge.domain.agents.Agents` fits it."""

    def visible_to(self, person: Person | None) -> Sequence[Agent]: ...
    def answering(self, agent: Agent) -> bool: ...


class SessionList(Protocol):
    """`chat_bridge.domain.sessions.Sessions` fits it."""

    def of_browser(self, secret: str, limit: int = 100) -> Sequence[Session]: ...
    def listed(self, person: Person | None, secret: str) -> Sequence[Session]: ...
    def claim(self, secret: str, person: Person) -> int: ...
    def pinned(self, sessions: Sequence[Session]) -> frozenset[str]: ...


@dataclass(frozen=True)
class PageSettings:
    cookie_name: str
    secure: bool
    max_upload_bytes: int
    accept: tuple[str, ...] = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
    login_cookie: str = "cb_login"
    public_host: str = ""
    public_url: str = ""
    widget_parents: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class Pages:
    agents: AgentList
    sessions: SessionList
    logins: Logins
    accounts: Accounts
    guests: Guests
    live: LiveSettings
    assets: Assets
    settings: PageSettings
    templates: Path
    words: Path
