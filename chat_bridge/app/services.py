"""Every service of one process, and the store they stand on."""

import errno
import os
import shutil
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from limits import parse as parse_quota

from chat_bridge import logs
from chat_bridge.app.known_settings import known_settings
from chat_bridge.app.operations import calls, serves_this_machine
from chat_bridge.config import KNOWN_KEYS, ROOT, Settings, read_again
from chat_bridge.domain.accounts import Accounts
from chat_bridge.domain.administration import Administration
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.bridge import Bridge, Door
from chat_bridge.domain.configuration import Configuration
from chat_bridge.domain.dead_letters import DeadLetters
from chat_bridge.domain.feed import Feed
from chat_bridge.domain.first_start import FirstStart, first_start
from chat_bridge.domain.forms import Forms
from chat_bridge.domain.guesses import Guesses
from chat_bridge.domain.guests import Guests
from chat_bridge.domain.inbox import Inbox
from chat_bridge.domain.items import Links
from chat_bridge.domain.jobs import Jobs
from chat_bridge.domain.kept_keys import KeptKeys
from chat_bridge.domain.key_orders import KeyOrders
from chat_bridge.domain.keyring import Keyring
from chat_bridge.domain.keys import PREFIX_LENGTH, Keys
from chat_bridge.domain.live import NAMES as LIVE_NAMES
from chat_bridge.domain.live import Live, LiveSettings
from chat_bridge.domain.logins import Limits, Logins
from chat_bridge.domain.messages import Messages
from chat_bridge.domain.office import office
from chat_bridge.domain.outbox import Outbox
from chat_bridge.domain.passwords import Passwords
from chat_bridge.domain.pipelines import Pipelines
from chat_bridge.domain.processes import Processes
from chat_bridge.domain.readers import Readers
from chat_bridge.domain.room import Quotas, Room
from chat_bridge.domain.roster import Roster
from chat_bridge.domain.sessions import Sessions
from chat_bridge.domain.settings import SharedSettings
from chat_bridge.domain.shelf import Shelf
from chat_bridge.domain.snapshots import Snapshots
from chat_bridge.domain.streams import StreamLimits, Streams
from chat_bridge.domain.tidying import Tidying
from chat_bridge.domain.transcripts import Transcripts
from chat_bridge.files import FolderFiles
from chat_bridge.ports import Store
from chat_bridge.store import SqliteStore
from chat_bridge.store.clock import SystemClock
from chat_bridge.store.connection import lock_of
from chat_bridge.store.counters import Counters
from chat_bridge.store.limits import UNKNOWN_SESSIONS, WRONG_KEYS, Failures, SignInTries
from chat_bridge.store.migrate import migrate
from chat_bridge.store.snapshots import Snapshots as SnapshotFolder
from chat_bridge.store.suspicion import Suspicion
from chat_bridge.store.wakeup import UnixWakeup, runtime_dir_for

SETUP_CODE_FILE = "setup-code.txt"  # where a start without a terminal leaves it
SUSPECT_EXIT = 75  # what sysexits.h calls a failure that may pass: start it again
TRIES_OF_AN_ACCOUNT = "5/15 minutes"


def door(settings: Settings) -> Door:
    own = [f"{settings.host}:{settings.port}", urlsplit(settings.public_url).netloc]
    return Door(
        public_url=settings.public_url,
        trusted_hosts=tuple(name.lower() for name in (*settings.trusted_hosts, *own) if name),
        strict_hosts=bool(settings.trusted_hosts),
        cors_origins=settings.cors_origins,
        max_message_chars=settings.max_message_chars,
        max_body_bytes=settings.max_body_kb << 10,
        max_outbox_bytes=settings.max_outbox_mb << 20,
        max_upload_bytes=settings.max_upload_mb << 20,
        logs=settings.logs,
        operation_seconds=settings.operation_seconds,
        local=serves_this_machine(settings),
    )


def build(settings: Settings, kind: str = "web") -> Bridge:
    """Every service of one process; call it after a fork."""
    clock = SystemClock()
    store, wakeup = connected(settings)
    files = FolderFiles(settings.data_dir)
    agents, jobs = Agents(store, clock), Jobs(store, clock)
    guesses = Guesses(failures(settings, UNKNOWN_SESSIONS, settings.limit_unknown_sessions))
    sessions = Sessions(store, files, clock, settings.session_tokens == "required", guesses)
    keys = Keys(store, clock, failures(settings, WRONG_KEYS, settings.limit_wrong_keys))
    shared = shared_settings(settings, keys)
    inbox = Inbox(store, clock, agents, shared.live)
    outbox = Outbox(store, clock, inbox)
    feed = Feed(store, agents, Links(settings.public_url))
    audit, passwords = Audit(store, clock), Passwords()
    guests, orders = Guests(store, shared.live), KeyOrders(Forms(store, clock))
    logins = Logins(store, clock, passwords, audit, sign_in_limits(settings), wakeup)
    attachments = Attachments(
        store, files, clock, sessions, jobs, settings.max_upload_mb << 20,
        Room(store, files, quotas(settings)),
    )  # fmt: skip
    return Bridge(
        door=door(settings), store=store, files=files, clock=clock, wakeup=wakeup, agents=agents,
        keys=keys, sessions=sessions, inbox=inbox, jobs=jobs, feed=feed, audit=audit, logins=logins,
        messages=Messages(store, clock, sessions, agents, jobs, guests),
        outbox=outbox, guests=guests, attachments=attachments,
        keyring=Keyring(store, clock, keys, agents, audit, wakeup),
        streams=Streams(store, clock, agents, inbox, outbox, stream_limits(settings)),
        calls=calls(settings, jobs, attachments=attachments, wakeup=wakeup),
        pipelines=Pipelines(store, clock), shelf=Shelf(store, clock, sessions),
        tidying=tidying(settings, sessions, audit, shared.live),
        readers=Readers(store, clock, sessions, shared.live), key_orders=orders,
        transcripts=Transcripts(store, agents, feed),
        settings=shared,
        dead_letters=DeadLetters(store, clock, jobs, audit),
        snapshots=Snapshots(store, snapshot_folder(settings), audit),
        processes=Processes(store, clock, kind),
        accounts=Accounts(store, clock, passwords, logins, audit, lambda: forget_code(settings)),
        office=office(store, clock, files=files, outbox=outbox, audit=audit),
        administration=administration(agents, audit, shared, settings),
    )  # fmt: skip


def tidying(settings: Settings, sessions: Sessions, audit: Audit, live: LiveSettings) -> Tidying:
    store, clock = sessions.store, sessions.clock
    return Tidying(store, clock, sessions, audit, live, partial(logs.clean_up, settings.logs))


def forget_code(settings: Settings) -> None:
    (settings.data_dir / SETUP_CODE_FILE).unlink(missing_ok=True)


def administration(
    agents: Agents, audit: Audit, shared: SharedSettings, settings: Settings
) -> Administration:
    return Administration(
        Roster(shared.store, shared.clock, agents, audit),
        Configuration(shared, audit, known_settings(settings)),
    )


def shared_settings(settings: Settings, keys: Keys) -> SharedSettings:
    live = live_settings(keys.store, keys, settings)
    return SharedSettings(keys.store, keys.clock, keys, live, KNOWN_KEYS)


def quotas(settings: Settings) -> Quotas:
    return Quotas(
        settings.session_quota_mb << 20,
        settings.key_quota_mb << 20,
        settings.total_quota_mb << 20,
    )


def stream_limits(settings: Settings) -> StreamLimits:
    return StreamLimits(settings.max_outbox_mb << 20, settings.stream_timeout)


def snapshot_folder(settings: Settings) -> SnapshotFolder:
    return SnapshotFolder(settings.database, settings.data_dir / "snapshots")


def live_settings(store: Store, keys: Keys, settings: Settings) -> LiveSettings:
    start = Live(**{name: getattr(settings, name) for name in LIVE_NAMES})
    follow = KeptKeys(store, keys, KNOWN_KEYS).follow
    return LiveSettings(store, start, read_again, given=settings.given, look=follow)


def connected(settings: Settings) -> tuple[SqliteStore, UnixWakeup]:
    wakeup = UnixWakeup(runtime_dir_for(settings.data_dir))
    return SqliteStore(settings.database, ROOT / "db" / "queries", wakeup.notify), wakeup


def counters(settings: Settings) -> Counters:
    return Counters(settings.database, ROOT / "db" / "queries")


def failures(settings: Settings, kind: str, quota: str) -> Failures | None:
    if settings.rate_limits == "off":
        return None
    return Failures(counters(settings), parse_quota(quota), kind)


def sign_in_limits(settings: Settings) -> Limits:
    """A name has its limit always; addresses have one like all their limits."""
    count = counters(settings)
    by_name = SignInTries(count, "sign_in_account", parse_quota(TRIES_OF_AN_ACCOUNT))
    quota = parse_quota(settings.limit_wrong_passwords)
    by_address = SignInTries(count, "sign_in_address", quota)
    return Limits(by_name, by_address if settings.rate_limits == "on" else None)


def suspect(settings: Settings) -> str | None:
    """Why the database is not to be trusted before it was read through."""
    return Suspicion(settings.database).why


def settle(settings: Settings) -> None:
    """Reads a suspect database through; one that is damaged is refused."""
    Suspicion(settings.database).settle(lock_of(settings.database))


def open_store(settings: Settings) -> Bridge:
    """Makes the data folder and the database, or brings them up to date."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(settings.data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "this user may not write there", str(settings.data_dir))
    migrate(settings.database, ROOT / "db" / "migrations" / "sqlite")
    return build(settings)


def prepare(settings: Settings) -> FirstStart:
    """With the store open: adopts configured keys, mints the first ones."""
    bridge = open_store(settings)
    configured = {"admin": settings.admin_key, "agent": settings.agent_key}
    with bridge.store.write():
        first = first_start(
            bridge.store, bridge.clock, bridge.keys, configured=configured, published=KNOWN_KEYS
        )
        for name, secret in first.keys.items():
            prefix = secret[:PREFIX_LENGTH]
            bridge.audit.write("first start", "key new", subject=prefix, after=name)
    return first


def metrics_dir(settings: Settings, kind: str) -> Path:
    """Where the processes of one server count together; empty, because a server counts from its
    start. Not in the data folder: this is written at every request and worth nothing later."""
    folder = runtime_dir_for(settings.data_dir) / f"metrics-{kind}-{settings.port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder
