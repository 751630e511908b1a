"""The composition root: every object of a process is built here and passed down."""

import errno
import logging
import os
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface
from limits import parse as parse_quota
from werkzeug.middleware.proxy_fix import ProxyFix

import chat_bridge.api as wire
import control
from chat_bridge import config, logs
from chat_bridge.api import guards, limits
from chat_bridge.api.actions.messages import accept
from chat_bridge.api.limits import Quotas
from chat_bridge.config import KNOWN_KEYS, ROOT, Settings
from chat_bridge.domain import items
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.bridge import Bridge, Door
from chat_bridge.domain.feed import Feed
from chat_bridge.domain.first_start import FirstStart, first_start
from chat_bridge.domain.inbox import Inbox
from chat_bridge.domain.items import Links
from chat_bridge.domain.jobs import Jobs
from chat_bridge.domain.keys import Keys
from chat_bridge.domain.messages import Messages
from chat_bridge.domain.outbox import Outbox
from chat_bridge.domain.sessions import Sessions
from chat_bridge.domain.settings import SharedSettings
from chat_bridge.domain.transcripts import Transcripts
from chat_bridge.domain.upkeep import Upkeep
from chat_bridge.errors import BridgeError, MissingSessionId
from chat_bridge.files import FolderFiles
from chat_bridge.model import Event, Limits
from chat_bridge.push.credentials import Authorise, Credentials, PostMessage, Subscriber
from chat_bridge.push.feed import EVERYTHING
from chat_bridge.push.live import Live
from chat_bridge.push.origins import Origins
from chat_bridge.push.slots import Slots
from chat_bridge.push.sockets import sockets
from chat_bridge.store import SqliteStore
from chat_bridge.store.checkpoint import Checkpointer
from chat_bridge.store.clock import SystemClock
from chat_bridge.store.limits import Counters, WrongKeys
from chat_bridge.store.migrate import migrate
from chat_bridge.store.wakeup import UnixWakeup, runtime_dir_for
from chat_bridge.worker.confined import ConfinedEngine
from chat_bridge.worker.loop import Worker
from control import Assets, Pages, PageSettings, bootstrap_folder

log = logging.getLogger(__name__)


def door(settings: Settings) -> Door:
    own = (f"{settings.host}:{settings.port}",)
    return Door(
        public_url=settings.public_url,
        trusted_hosts=settings.trusted_hosts + own,
        cors_origins=settings.cors_origins,
        max_message_chars=settings.max_message_chars,
        max_body_bytes=settings.max_body_kb << 10,
        max_outbox_bytes=settings.max_outbox_mb << 20,
        max_upload_bytes=settings.max_upload_mb << 20,
        legacy_lease_seconds=settings.legacy_lease,
        page_agent=settings.page_agent,
        logs=settings.logs,
    )


def build(settings: Settings) -> Bridge:
    """Every service of one process; call it after a fork."""
    clock = SystemClock()
    wakeup = UnixWakeup(runtime_dir_for(settings.data_dir))
    store = SqliteStore(settings.database, ROOT / "db" / "queries", wakeup.notify)
    files = FolderFiles(settings.data_dir)
    agents = Agents(store, clock)
    jobs = Jobs(store, clock)
    sessions = Sessions(store, files, clock, settings.session_tokens == "required")
    inbox = Inbox(store, clock, agents, settings.max_attempts)
    feed = Feed(store, agents, Links(settings.public_url))
    keys = Keys(store, clock, wrong_keys(settings))
    return Bridge(
        door=door(settings),
        store=store,
        files=files,
        clock=clock,
        wakeup=wakeup,
        agents=agents,
        keys=keys,
        sessions=sessions,
        messages=Messages(store, clock, sessions, agents, jobs),
        inbox=inbox,
        outbox=Outbox(store, clock, inbox),
        jobs=jobs,
        attachments=Attachments(store, files, clock, sessions, jobs, settings.max_upload_mb << 20),
        feed=feed,
        transcripts=Transcripts(store, agents, feed),
        settings=SharedSettings(
            store, clock, keys, settings.session_timeout, settings.max_message_chars, KNOWN_KEYS
        ),
        audit=Audit(store, clock),
    )


def counters(settings: Settings) -> Counters:
    return Counters(settings.database, ROOT / "db" / "queries")


def wrong_keys(settings: Settings) -> WrongKeys | None:
    quota = parse_quota(settings.limit_wrong_keys)
    return WrongKeys(counters(settings), quota) if settings.rate_limits == "on" else None


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
    return first_start(
        bridge.store, bridge.clock, bridge.keys, configured=configured, published=KNOWN_KEYS
    )


class Running:
    """What lives beside the web application in its process."""

    def __init__(self, live: Live, checkpointer: Checkpointer) -> None:
        self._live = live
        self._checkpointer = checkpointer

    def start(self) -> None:
        self._live.start()
        self._checkpointer.start()

    def stop(self) -> None:
        self._live.stop()
        self._checkpointer.stop()


class Sessionless(SessionInterface):
    """Nothing here keeps state in a signed cookie; building one anew for each request costs."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return NullSession()


def web(settings: Settings) -> tuple[Flask, Running]:
    """One web process; call it after the fork."""
    logs.configure("web", settings.logs, settings.log_level)
    bridge = build(settings)
    slots = Slots(total=settings.max_sockets, per_address=settings.max_sockets_per_ip)
    live = Live(bridge.feed, encode, bridge.wakeup, slots)
    app = Flask("chat_bridge", static_folder=None, template_folder=str(ROOT / "templates"))
    app.session_interface = Sessionless()
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_upload_mb << 20,
        MAX_FORM_MEMORY_SIZE=256 << 10,
        MAX_FORM_PARTS=50,
    )
    if settings.trusted_hops:
        hops = settings.trusted_hops
        outside = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)
        app.wsgi_app = outside  # type: ignore[method-assign]  # the way Flask documents it
    api = wire.blueprint(bridge, live.waiting)
    if settings.rate_limits == "on":
        storage = {"counters": counters(settings)}
        limits.attach(app, api, bridge, quotas=_quotas(settings), storage=storage)
    app.register_blueprint(api)
    app.register_blueprint(control.blueprint(_pages(bridge, settings)))
    origins = Origins(settings.public_url or None, settings.cors_origins, _own_address(bridge.door))
    sockets(app, live.gate(_authorise(bridge), _post_message(bridge), origins))
    assert isinstance(bridge.store, SqliteStore)
    return app, Running(live, Checkpointer(bridge.store.database))


def _quotas(settings: Settings) -> Quotas:
    return Quotas(
        messages=settings.limit_messages,
        reads=settings.limit_reads,
        uploads=settings.limit_uploads,
        agents=settings.limit_agents,
        admin=settings.limit_admin,
    )


def _own_address(door: Door) -> Callable[[str], bool]:
    """A page may open a socket to the host it came from. Names have to be ours, or a page of a
    name rebound to this address could; an address cannot be rebound."""

    def trusted(host: str) -> bool:
        try:
            ip_address(host.rsplit(":", 1)[0].strip("[]"))
        except ValueError:
            return door.trusts(host)
        return True

    return trusted


def _pages(bridge: Bridge, settings: Settings) -> Pages:
    static = ROOT / "static"
    return Pages(
        agents=bridge.agents,
        sessions=bridge.sessions,
        assets=Assets(static, bootstrap_folder()),
        settings=PageSettings(
            cookie_name=bridge.door.cookie_name,
            secure=bridge.door.secure,
            page_agent=settings.page_agent,
            max_upload_bytes=bridge.door.max_upload_bytes,
            max_message_chars=settings.max_message_chars,
            retention_days=settings.retention_days,
        ),
        templates=ROOT / "templates",
        words=static / "i18n" / "en.json",
    )


def encode(event: Event) -> bytes:
    return orjson.dumps(items.event_item(event))


def _authorise(bridge: Bridge) -> Authorise:
    def authorise(session_id: str | None, credentials: Credentials) -> Subscriber:
        if credentials.key is not None:
            key = bridge.keys.authorise(
                credentials.key, "events", guards.network(credentials.visitor.ip or "")
            )
            if session_id is None:
                if key.agent_id is not None:
                    raise MissingSessionId
                return Subscriber(EVERYTHING, None, True, credentials)
            session = guards.for_key(bridge, key, session_id)
            return Subscriber(session.session_id, session.session_id, True, credentials)
        if session_id is None:
            raise MissingSessionId
        session = bridge.sessions.authorise(session_id, credentials.visitor)
        return Subscriber(session.session_id, session.session_id, False, credentials)

    return authorise


def _post_message(bridge: Bridge) -> PostMessage:
    def post(body: dict[str, Any], credentials: Credentials) -> tuple[int, dict[str, Any]]:
        try:
            return 200, {"data": accept(bridge, body, credentials.visitor)}
        except BridgeError as error:
            told = {"error": error.message, "error_code": error.code, "details": error.details}
            return error.status, told

    return post


def worker(settings: Settings) -> Worker:
    logs.configure("worker", settings.logs, settings.log_level)
    bridge = build(settings)
    limits = Limits(wall_seconds=settings.job_seconds, cpu_seconds=settings.job_seconds)
    upkeep = Upkeep(
        bridge.store,
        bridge.files,
        bridge.clock,
        bridge.sessions,
        bridge.attachments,
        bridge.inbox,
        settings.session_timeout,
        settings.retention_days,
    )
    assert isinstance(bridge.store, SqliteStore)
    Checkpointer(bridge.store.database).start()
    return Worker(bridge, ConfinedEngine(), limits, upkeep)


def settings_from(path: Path | None) -> Settings:
    return config.load(path)
