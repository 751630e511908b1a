"""One web process: the API, the pages and the sockets in one application."""

from collections.abc import Callable

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import chat_bridge.api as wire
import control
from chat_bridge import logs
from chat_bridge.api import limits, metrics
from chat_bridge.app.halves import divide
from chat_bridge.app.pages import pages
from chat_bridge.app.services import build, counters
from chat_bridge.app.sockets import authorising, encode, own_address, posting
from chat_bridge.config import ROOT, Settings
from chat_bridge.domain.processes import Heartbeat
from chat_bridge.push.live import Live
from chat_bridge.push.origins import Origins
from chat_bridge.push.slots import Slots
from chat_bridge.push.sockets import Cookies, sockets
from chat_bridge.store import SqliteStore
from chat_bridge.store.checkpoint import Checkpointer


class Running:
    """What lives beside the web application in its process."""

    def __init__(self, live: Live, checkpointer: Checkpointer, heart: Heartbeat) -> None:
        self._live = live
        self._checkpointer = checkpointer
        self._heart = heart

    def start(self) -> None:
        self._live.start()
        self._checkpointer.start()
        self._heart.start()

    def stop(self) -> None:
        self._heart.stop()
        self._live.stop()
        self._checkpointer.stop()


class Sessionless(SessionInterface):
    """Nothing here keeps state in a signed cookie; building one anew for each request costs."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return NullSession()


class RowNumber(IntegerConverter):
    """`<int:…>` in an address. A larger one is nobody's, and the database would not take it."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**63 - 1)


def web(
    settings: Settings, kind: str = "web", *, leave: Callable[[], None] = lambda: None
) -> tuple[Flask, Running]:
    """One web process; call it after the fork. `leave` is called when its database is suspect."""
    logs.configure(kind, settings.logs, settings.log_level)
    bridge = build(settings, kind)
    slots = Slots(total=settings.max_sockets, per_address=settings.max_sockets_per_ip)
    live = Live(bridge.feed, encode, wakeup=bridge.wakeup, slots=slots, readers=bridge.readers)
    requests = metrics.Requests()
    app = _application(settings)
    requests.attach(app)
    divide(app, bridge)
    api = wire.blueprint(bridge, live.waiting)
    if settings.rate_limits == "on":
        storage = {"counters": counters(settings)}
        limits.attach(app, api, bridge, storage=storage)
    app.register_blueprint(api)
    app.register_blueprint(metrics.blueprint(bridge, requests, wire.explain))
    shown = pages(bridge, settings)
    app.register_blueprint(control.blueprint(shown))
    app.register_blueprint(control.console(bridge, shown.settings))
    origins = Origins(settings.public_url or None, settings.cors_origins, own_address(bridge.door))
    cookies = Cookies(bridge.door.cookie_name, bridge.door.login_cookie)
    sockets(app, live.gate(authorising(bridge), posting(bridge), origins, cookies=cookies))
    heart = Heartbeat(
        bridge.processes,
        bridge.streams.sweep,
        bridge.readers.note,
        lambda: requests.holds(kind, slots.taken),
    )
    assert isinstance(bridge.store, SqliteStore)
    bridge.store.database.suspicion.leave = leave
    return app, Running(live, Checkpointer(bridge.store.database), heart)


def _application(settings: Settings) -> Flask:
    app = Flask("chat_bridge", static_folder=None, template_folder=str(ROOT / "templates"))
    app.session_interface = Sessionless()
    app.url_map.converters["int"] = RowNumber
    app.config.update(
        DEBUG=False,  # whatever FLASK_DEBUG says: a debugger has no place on an open address
        MAX_CONTENT_LENGTH=settings.max_upload_mb << 20,
        MAX_FORM_MEMORY_SIZE=256 << 10,
        MAX_FORM_PARTS=50,
    )
    if settings.trusted_hops:
        hops = settings.trusted_hops
        outside = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)
        app.wsgi_app = outside  # type: ignore[method-assign]  # the way Flask documents it
    return app
