"""GET /ws: refused before the upgrade or handed to the hub after it.

flask-sock upgrades before its view runs, so the gate is a before-request function. The view gives
the connection away and leaves behind a dead socket.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, g, request
from flask_sock import Sock

from chat_bridge.errors import BadRequest, Unauthenticated, Unavailable
from chat_bridge.model import Visitor
from chat_bridge.model.access import open_to, visitor
from chat_bridge.push.credentials import Credentials, Subscriber
from chat_bridge.push.desk import SocketDesk
from chat_bridge.push.handover import Line, take_over, under_gunicorn
from chat_bridge.push.hub import Hub
from chat_bridge.push.origins import Origins
from chat_bridge.push.subscription import Backlog
from chat_bridge.push.websocket import SocketPeer

SWITCHING_PROTOCOLS = 101


@dataclass(frozen=True)
class Cookies:
    """What holds a visitor's secret, and what holds a person's sign-in."""

    visitor: str
    login: str


class Unthreaded:
    """simple-websocket starts a thread per socket before anybody was authorised; ours starts
    none, the hub reads."""

    def __init__(self, target: Callable[[], None]) -> None:
        self.name = ""

    def start(self) -> None:
        return


class Gate:
    """Decides before the upgrade: who cannot be let in gets an HTTP answer."""

    def __init__(
        self, *, desk: SocketDesk, hub: Hub, backlog: Backlog, origins: Origins, cookies: Cookies
    ) -> None:
        self.cookies = cookies
        self.desk = desk
        self.hub = hub
        self.backlog = backlog
        self.origins = origins

    def check(self) -> None:
        environ = request.environ
        if not under_gunicorn(environ):
            raise Unavailable("WebSockets need the server this program starts itself.")
        if request.headers.get("Sec-WebSocket-Version") != "13" or len(
            request.headers.get("Sec-WebSocket-Key", "")
        ) != len("dGhlIHNhbXBsZSBub25jZQ=="):
            raise BadRequest("This is not a WebSocket handshake.")
        credentials = presented(self.cookies)
        vouched = not credentials.empty and not credentials.visitor.by_cookie
        own = f"{request.scheme}://{request.host}"
        self.origins.check(request.headers.get("Origin"), own, vouched=vouched)
        g.credentials, g.subscriber = credentials, self._subscriber(credentials)
        self.hub.slots.take(credentials.visitor.ip or "-")
        g.slot_of = credentials.visitor.ip or "-"
        # Agreed compression costs 100 kB a socket; without the header it is never agreed.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)

    def _subscriber(self, credentials: Credentials) -> Subscriber | None:
        """None: nothing was presented, so the first frame has to bring it."""
        session_id = request.args.get("session_id") or None
        if credentials.empty and session_id is None:
            return None
        try:
            return self.desk.authorise(session_id, credentials)
        except Unauthenticated:
            if credentials.empty:
                return None
            raise

    def give_back(self, fault: BaseException | None) -> None:
        """The handshake failed after a slot was taken for it."""
        address = g.pop("slot_of", None)
        if address is not None:
            self.hub.slots.give_back(address)

    @open_to(visitor("events"))
    def hand_over(self, upgraded: Any) -> None:
        subscriber: Subscriber | None = g.subscriber
        peer = SocketPeer(
            self.hub,
            take_over(request.environ),
            g.credentials,
            desk=self.desk,
            backlog=self.backlog,
            session_id=request.args.get("session_id") or None,
        )
        upgraded.connected = False  # flask-sock's closing words would go to the dead socket
        peer.asked_cursor = request.args.get("cursor") or None
        order = 0 if subscriber is None else peer.asks()
        self.hub.adopt(peer)
        del g.slot_of
        if subscriber is not None:
            self.desk.begin(peer, order, lambda: subscriber, peer.asked_cursor)
        Line.of(request.environ).write(SWITCHING_PROTOCOLS, 0)


def sockets(app: Flask, gate: Gate) -> None:
    app.config["SOCK_SERVER_OPTIONS"] = {"thread_class": Unthreaded}
    blueprint = Blueprint("sockets", __name__)
    blueprint.before_request(gate.check)
    blueprint.teardown_request(gate.give_back)
    Sock().route("/ws", bp=blueprint)(gate.hand_over)
    app.register_blueprint(blueprint)


def presented(cookies: Cookies) -> Credentials:
    """By header or cookie; a secret in the query is never read. An operator's browser may hold a
    visitor's secret as well: the console says that it comes as a person."""
    ip, agent = request.remote_addr, request.headers.get("User-Agent")
    if request.args.get("desk") == "1":
        own = request.cookies.get(cookies.login, "")
        return Credentials(Visitor(by_cookie=True, ip=ip, user_agent=agent), login=own, desk=True)
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return Credentials(Visitor(ip=ip, user_agent=agent), key.strip())
    secret = request.headers.get("X-Session-Token")
    if secret:
        return Credentials(Visitor(secret, ip=ip, user_agent=agent))
    secret = request.cookies.get(cookies.visitor) or None
    login = request.cookies.get(cookies.login) or None
    by_cookie = secret is not None or login is not None
    return Credentials(Visitor(secret, by_cookie=by_cookie, ip=ip, user_agent=agent), login=login)
