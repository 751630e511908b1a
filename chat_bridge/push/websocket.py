import socket
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason

from chat_bridge.errors import BadRequest, BridgeError, CursorExpired
from chat_bridge.push.feed import PING, PONG, TRUNCATE, Push, close_frame, frame, text_frame
from chat_bridge.push.peer import NEVER
from chat_bridge.push.subscription import Backlog, Subscription

if TYPE_CHECKING:
    from chat_bridge.push.credentials import Credentials, Subscriber
    from chat_bridge.push.hub import Hub

PING_EVERY = 25.0
SILENT_FOR = 50.0
AUTHORISE_WITHIN = 5.0
LARGEST_MESSAGE = 64 * 1024
WINDOW = 10.0
MESSAGES_A_WINDOW = 20
FRAMES_A_WINDOW = 400
RESYNC = text_frame({"type": "resync"})
PING_FRAME = frame(PING, b"")


class Desk(Protocol):
    def heard(self, peer: "SocketPeer", said: str) -> None: ...
    def check(self, peer: "SocketPeer") -> None: ...


class SocketPeer(Subscription):
    """A WebSocket. The parser is made when the client first says something."""

    __slots__ = (
        "asked_cursor", "credentials", "desk", "frames", "heard", "messages", "order", "parser",
        "parts", "session_id", "size", "until", "window",
    )  # fmt: skip
    whole_up_to = TRUNCATE

    def __init__(
        self, hub: "Hub", sock: socket.socket, credentials: "Credentials", *,
        desk: Desk, backlog: Backlog, session_id: str | None,
    ) -> None:  # fmt: skip
        super().__init__(hub, sock, credentials.visitor.ip or "-", backlog)
        self.credentials = credentials
        self.desk = desk
        self.session_id = session_id
        self.asked_cursor: str | None = None
        self.parser: Connection | None = None
        self.parts: list[str] | None = None
        self.size = 0
        self.order = 0
        self.heard = self.window = time.monotonic()
        self.until = self.heard + AUTHORISE_WITHIN
        self.frames = self.messages = 0

    def wire(self, push: Push) -> bytes:
        return push.frame

    def say(self, value: dict[str, Any]) -> None:
        if self.ends == NEVER:
            self.hub.send(self, text_frame(value))

    def close(self, code: int, reason: str = "", within: float = 2.0) -> None:
        if self.ends == NEVER:
            self.hub.send(self, close_frame(code, reason))
            self.hub.end(self, within)

    # what the desk decides

    def asks(self) -> int:
        """It wants to follow something: the number of this wish, of which the last one counts."""
        self.order += 1
        if self.topic is None:
            self.until = self.heard + AUTHORISE_WITHIN
        return self.order

    def admitted(self, order: int, subscriber: "Subscriber", cursor: int) -> None:
        """`interest` in the topic has been counted already."""
        if order != self.order or not self.hub.holds(self) or self.ends != NEVER:
            self.hub.interest.remove(subscriber.topic)
            return
        self.credentials = subscriber.credentials
        self.session_id = subscriber.session_id
        self.staff = subscriber.staff
        self.operator = subscriber.operator
        self.visitor = not subscriber.staff
        self.until = NEVER
        self.hub.subscribe(self, subscriber.topic)
        self.listens()
        self.say({"type": "ready", "session_id": subscriber.session_id, "cursor": str(cursor)})
        self.follow(cursor)

    def refused(self, order: int, fault: BridgeError) -> None:
        if order != self.order:
            return
        self.say({"type": "error"} | facts(fault))
        correctable = self.topic is not None or isinstance(fault, BadRequest)
        if isinstance(fault, CursorExpired) or not correctable:
            self.close(CloseReason.POLICY_VIOLATION, fault.code)

    def shown_out(self, fault: BridgeError) -> None:
        """It may not follow any more what it followed."""
        self.say({"type": "error"} | facts(fault))
        self.close(CloseReason.POLICY_VIOLATION, fault.code)

    # what the hub tells

    def looked_after(self, who: str) -> None:
        if self.credentials.who == who and self.topic is not None:
            self.desk.check(self)

    def opened(self) -> None:
        self.hub.remind(self, min(self.until, self.heard + PING_EVERY))

    def received(self, data: bytes) -> None:
        self.heard = time.monotonic()
        if self.parser is None:
            self.parser = Connection(ConnectionType.SERVER)
        self.parser.receive_data(data)
        for event in self.parser.events():
            self._event(event)
            if self.ends != NEVER:
                return

    def timed(self, now: float) -> float:
        if now >= self.until:
            self.close(CloseReason.POLICY_VIOLATION, "authentication_required")
            return self.ends
        silent = now - self.heard
        if silent >= SILENT_FOR:
            self.hub.drop(self)
            return NEVER
        self.listens()
        if silent >= PING_EVERY:
            if self.out is None:
                self.hub.send(self, PING_FRAME)
            if self.credentials.who is not None and self.topic is not None:
                self.desk.check(self)
            return min(self.until, self.heard + SILENT_FOR)
        return min(self.until, self.heard + PING_EVERY)

    def stalled(self) -> None:
        """Too slow, or its backlog cannot be read: it shall come back with its cursor."""
        if self.out:
            self.out = deque((self.out[0],))
        self.hub.send(self, RESYNC)
        self.close(CloseReason.TRY_AGAIN_LATER, "resume from your cursor", within=1.0)

    def leave(self) -> None:
        self.close(CloseReason.SERVICE_RESTART, "restarting")

    def _event(self, event: Event) -> None:
        if isinstance(event, CloseConnection):
            code = event.code
            self.close(CloseReason.NORMAL_CLOSURE if code == CloseReason.NO_STATUS_RCVD else code)
        elif not self._within_limits(event):
            self.close(CloseReason.POLICY_VIOLATION, "too many messages")
        elif isinstance(event, Ping):
            self.hub.send(self, frame(PONG, event.payload))
        elif isinstance(event, TextMessage):
            self._text(event)
        elif isinstance(event, BytesMessage):
            self.close(CloseReason.UNSUPPORTED_DATA, "text only")

    def _within_limits(self, event: Event) -> bool:
        if self.heard - self.window > WINDOW:
            self.window = self.heard
            self.frames = self.messages = 0
        self.frames += 1
        if isinstance(event, TextMessage) and event.message_finished:
            self.messages += 1
        return self.frames <= FRAMES_A_WINDOW and self.messages <= MESSAGES_A_WINDOW

    def _text(self, event: TextMessage) -> None:
        self.size += len(event.data.encode())
        if self.size > LARGEST_MESSAGE:
            self.close(CloseReason.MESSAGE_TOO_BIG, "64 KB a message")
            return
        if self.parts is None:
            self.parts = []
        self.parts.append(event.data)
        if event.message_finished:
            said = "".join(self.parts)
            self.parts, self.size = None, 0
            self.desk.heard(self, said)


def facts(fault: BridgeError) -> dict[str, Any]:
    """An error as a frame tells it."""
    return {
        "error": fault.message,
        "error_code": fault.code,
        "status_code": fault.status,
        "details": fault.details,
    }
