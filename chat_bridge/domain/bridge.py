"""Every service of one process, and the limits that edges check at the door."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from chat_bridge.domain.accounts import Accounts
from chat_bridge.domain.administration import Administration
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.calls import Calls
from chat_bridge.domain.dead_letters import DeadLetters
from chat_bridge.domain.feed import Feed
from chat_bridge.domain.guests import Guests
from chat_bridge.domain.inbox import Inbox
from chat_bridge.domain.jobs import Jobs
from chat_bridge.domain.key_orders import KeyOrders
from chat_bridge.domain.keyring import Keyring
from chat_bridge.domain.keys import Keys
from chat_bridge.domain.logins import Logins
from chat_bridge.domain.messages import Messages
from chat_bridge.domain.office import Office
from chat_bridge.domain.outbox import Outbox
from chat_bridge.domain.pipelines import Pipelines
from chat_bridge.domain.processes import Processes
from chat_bridge.domain.readers import Readers
from chat_bridge.domain.sessions import Sessions
from chat_bridge.domain.settings import SharedSettings
from chat_bridge.domain.shelf import Shelf
from chat_bridge.domain.snapshots import Snapshots
from chat_bridge.domain.streams import Streams
from chat_bridge.domain.tidying import Tidying
from chat_bridge.domain.transcripts import Transcripts
from chat_bridge.ports import Clock, Files, Store, Wakeup

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


@dataclass(frozen=True)
class Door:
    """Sizes, names and addresses that a request is checked against; `local` where nobody from
    outside of this machine is meant to come."""

    public_url: str
    trusted_hosts: tuple[str, ...]
    strict_hosts: bool
    cors_origins: tuple[str, ...]
    max_message_chars: int
    max_body_bytes: int
    max_outbox_bytes: int
    max_upload_bytes: int
    logs: Path
    operation_seconds: int = 120
    local: bool = True

    def trusts(self, host: str) -> bool:
        """Whether a Host header, with or without its port, names us: loopback, the bound address
        and what the settings list."""
        host = host.lower()
        name = host if host.endswith("]") else host.rsplit(":", 1)[0]
        return name in LOOPBACK or host in self.trusted_hosts or name in self.trusted_hosts

    def own_hosts(self, host: str) -> tuple[str, ...]:
        """What a browser may name as the origin of a page of ours, asked under this host."""
        return (host, urlsplit(self.public_url).netloc) if self.public_url else (host,)

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """`__Host-` cookies vanish without https, so a LAN address gets the plain name."""
        return "__Host-cb_visitor" if self.secure else "cb_visitor"

    @property
    def login_cookie(self) -> str:
        return "__Host-cb_login" if self.secure else "cb_login"


@dataclass(frozen=True)
class Bridge:
    door: Door
    store: Store
    files: Files
    clock: Clock
    wakeup: Wakeup
    agents: Agents
    keys: Keys
    keyring: Keyring
    key_orders: KeyOrders
    sessions: Sessions
    shelf: Shelf
    messages: Messages
    inbox: Inbox
    outbox: Outbox
    streams: Streams
    jobs: Jobs
    attachments: Attachments
    calls: Calls
    pipelines: Pipelines
    feed: Feed
    readers: Readers
    transcripts: Transcripts
    settings: SharedSettings
    audit: Audit
    tidying: Tidying
    dead_letters: DeadLetters
    snapshots: Snapshots
    processes: Processes
    logins: Logins
    accounts: Accounts
    office: Office
    guests: Guests
    administration: Administration
