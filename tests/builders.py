"""Builds what tests start from: a whole house of services over real files, and its people."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from limits import parse

from chat_bridge import logs
from chat_bridge.app.known_settings import known_settings
from chat_bridge.config import ROOT, Settings, read_again
from chat_bridge.domain.accounts import Accounts
from chat_bridge.domain.administration import Administration
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.calls import Calls
from chat_bridge.domain.configuration import Configuration
from chat_bridge.domain.dead_letters import DeadLetters
from chat_bridge.domain.feed import Feed
from chat_bridge.domain.guests import Guests
from chat_bridge.domain.inbox import Inbox, Page, Poll
from chat_bridge.domain.items import Links
from chat_bridge.domain.jobs import Jobs
from chat_bridge.domain.keyring import Keyring
from chat_bridge.domain.keys import AGENT_SCOPES, Keys
from chat_bridge.domain.live import Live, LiveSettings
from chat_bridge.domain.logins import Limits, Logins
from chat_bridge.domain.messages import Accepted, Messages
from chat_bridge.domain.office import Office, office
from chat_bridge.domain.outbox import Outbox
from chat_bridge.domain.passwords import Passwords
from chat_bridge.domain.pipelines import Pipelines
from chat_bridge.domain.processes import Processes
from chat_bridge.domain.room import Room
from chat_bridge.domain.roster import Roster
from chat_bridge.domain.sessions import Sessions
from chat_bridge.domain.settings import SharedSettings
from chat_bridge.domain.snapshots import Snapshots
from chat_bridge.domain.streams import StreamLimits, Streams
from chat_bridge.domain.tidying import Tidying
from chat_bridge.domain.transcripts import Transcripts
from chat_bridge.domain.upkeep import Upkeep
from chat_bridge.files import FolderFiles
from chat_bridge.model import Attachment, Key, NewMessage, NewResponse, Response, Visitor
from chat_bridge.store import SqliteStore
from chat_bridge.store.counters import Counters
from chat_bridge.store.limits import SignInTries
from chat_bridge.store.migrate import migrate
from chat_bridge.store.snapshots import Snapshots as SnapshotFolder
from tests.fakes import ManualClock, Silence

QUERIES = ROOT / "db" / "queries"
MIGRATIONS = ROOT / "db" / "migrations" / "sqlite"
ADA = Visitor(secret="ada-keeps-this-secret-of-forty-characters")
GRACE = Visitor(secret="grace-keeps-a-secret-of-her-own-40-chars")
PASSER_BY = Visitor()
ADAS_CHAT = "session_ada"
GRACES_CHAT = "session_grace"


@cache
def _empty_database() -> Path:
    path = Path(mkdtemp(prefix="chat-bridge-empty-")) / "bridge.db"
    migrate(path, MIGRATIONS)
    return path


@cache
def _passwords() -> Passwords:
    """One for all houses: each begins by working out a hash."""
    return Passwords()


def new_store(path: Path, on_commit: Callable[[], None] = lambda: None) -> SqliteStore:
    """A store over a fresh database of the newest schema."""
    if not path.exists():
        shutil.copyfile(_empty_database(), path)
    return SqliteStore(path, QUERIES, on_commit)


def new_live(store: SqliteStore, start: Live | None = None, *given: str) -> LiveSettings:
    """Looks at the table each time."""
    return LiveSettings(store, start or Live(), read_again, given=given, every=0.0)


@dataclass(frozen=True)
class House:
    """The services of one process, over one data folder and one clock."""

    folder: Path
    clock: ManualClock
    store: SqliteStore
    files: FolderFiles
    agents: Agents
    keys: Keys
    keyring: Keyring
    sessions: Sessions
    messages: Messages
    inbox: Inbox
    outbox: Outbox
    streams: Streams
    jobs: Jobs
    attachments: Attachments
    calls: Calls
    pipelines: Pipelines
    feed: Feed
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

    def upkeep(self, *, session_timeout: int = 86_400, retention_days: int = 0) -> Upkeep:
        return Upkeep(
            self.store, self.files, self.clock, self.sessions, self.attachments, self.inbox,
            self.streams, new_live(self.store, Live(session_timeout, retention_days)), self.calls,
        )  # fmt: skip

    def key(self, name: str = "Charles", agent: str | None = None) -> Key:
        """An agent's key; of one name there is one."""
        agent_id = self.agents.resolve(agent).id if agent else None
        secret = self.keys.create(name, AGENT_SCOPES, agent_id=agent_id)
        return self.keys.authenticate(secret)

    def say(self, text: str, session: str = ADAS_CHAT, who: Visitor = ADA) -> Accepted:
        return self.messages.accept(NewMessage(session, text), who)

    def post(self, new: NewMessage, who: Visitor = ADA) -> Accepted:
        return self.messages.accept(new, who)

    def poll(self, key: Key, **wishes: Any) -> Page:
        return self.inbox.claim(replace(Poll(key), **wishes))

    def reply(self, key: Key, text: str, session: str = ADAS_CHAT, **more: Any) -> Response:
        return self.outbox.post(NewResponse(session, text, **more), key)

    def upload(self, name: str, content: bytes, session: str = ADAS_CHAT) -> Attachment:
        blob = self.attachments.receive(io.BytesIO(content))
        return self.attachments.attach(self.sessions.find(session), blob, name)

    def add_agent(self, slug: str) -> None:
        with self.store.write():
            self.store.database.connection.execute(
                "INSERT INTO agents (slug, name) VALUES (?, ?)", (slug, slug.title())
            )
        self.agents._read_at = float("-inf")

    def kinds(self, session: str = ADAS_CHAT) -> list[str]:
        """The kinds of every event of a session, in order."""
        return [row.kind for row in self.store.events.after(0, 1_000, session, operator=True)]

    def state(self, message_id: int) -> str:
        message = self.store.messages.find(message_id)
        assert message is not None
        return message.state


def new_house(
    folder: Path,
    *,
    max_attempts: int = 5,
    tokens_required: bool = False,
    max_bytes: int = 1 << 20,
    sign_in: str = "off",
) -> House:
    clock = ManualClock()
    store = new_store(folder / "bridge.db")
    files = FolderFiles(folder)
    agents = Agents(store, clock)
    jobs = Jobs(store, clock)
    audit = Audit(store, clock)
    sessions = Sessions(store, files, clock, tokens_required)
    live = new_live(store, Live(max_attempts=max_attempts, sign_in=sign_in))
    inbox = Inbox(store, clock, agents, live)
    outbox = Outbox(store, clock, inbox)
    feed = Feed(store, agents, Links("https://bridge.example"))
    keys = Keys(store, clock)
    guests, passwords = Guests(store, live), _passwords()
    logins = Logins(store, clock, passwords, audit, sign_in_limits(store.database.path))
    room = Room(store, files)
    attachments = Attachments(store, files, clock, sessions, jobs, max_bytes, room)
    shared = SharedSettings(store, clock, keys, live, {"ObeyG1ant"})
    return House(
        folder=folder,
        clock=clock,
        store=store,
        files=files,
        agents=agents,
        keys=keys,
        keyring=Keyring(store, clock, keys, agents, audit),
        sessions=sessions,
        messages=Messages(store, clock, sessions, agents, jobs, guests),
        inbox=inbox,
        outbox=outbox,
        streams=Streams(store, clock, agents, inbox, outbox, StreamLimits(1_000, 60)),
        jobs=jobs,
        attachments=attachments,
        calls=Calls(store, files, clock, Silence(), jobs, attachments, 3_600, 4, 2),
        pipelines=Pipelines(store, clock),
        feed=feed,
        transcripts=Transcripts(store, agents, feed),
        settings=shared,
        audit=audit,
        tidying=Tidying(store, clock, sessions, audit, live, partial(logs.clean_up, folder)),
        dead_letters=DeadLetters(store, clock, jobs, audit),
        snapshots=Snapshots(
            store, SnapshotFolder(folder / "bridge.db", folder / "snapshots"), audit
        ),
        processes=Processes(store, clock),
        logins=logins,
        accounts=Accounts(store, clock, passwords, logins, audit),
        office=office(store, clock, files=files, outbox=outbox, audit=audit),
        guests=guests,
        administration=Administration(
            Roster(store, clock, agents, audit),
            Configuration(shared, audit, known_settings(Settings())),
        ),
    )


def sign_in_limits(database: Path) -> Limits:
    count = Counters(database, QUERIES)
    return Limits(
        SignInTries(count, "sign_in_account", parse("5/15 minutes")),
        SignInTries(count, "sign_in_address", parse("20/hour")),
    )


def texts(page: Page) -> list[str]:
    return [delivery.message.text for delivery in page.deliveries]


def receipts(page: Page) -> list[str]:
    return [delivery.receipt for delivery in page.deliveries if delivery.receipt]
