"""Long polls and server-sent events: parked on the hub under gunicorn, else in a blocked thread."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response

from chat_bridge.errors import BridgeError
from chat_bridge.ports import Reply, Standing, Wait
from chat_bridge.push.feed import EVERYTHING
from chat_bridge.push.handover import Line, head, take_over, under_gunicorn
from chat_bridge.push.poll import PollPeer
from chat_bridge.push.server_sent import COMMENT, COMMENT_EVERY, RETRY, StreamPeer
from chat_bridge.push.subscription import Backlog
from chat_bridge.push.waiters import Waiters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from chat_bridge.push.hub import Hub

JSON = "application/json"
EVENT_STREAM = "text/event-stream"
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
LOOK_EVERY = 0.05


def answered(response: Response, body: bytes) -> Response:
    response.set_data(body)
    if isinstance(body, Reply):
        response.status_code = body.status
        response.headers.update(body.headers)
    return response


class Parked(Response):
    """The answer of a view that waits. Everything happens only when the server asks for the body:
    by then each after-request function has set its headers on it."""

    def __init__(self, waiting: "HubWaiting", wait: Wait) -> None:
        super().__init__(b"", headers=dict(wait.headers))
        self.content_type = wait.headers.get("Content-Type", JSON)
        self.waiting = waiting
        self.wait = wait

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        body = self._park(environ)
        if body is None:
            raise StopIteration
        answered(self, body)
        return super().__call__(environ, start_response)

    def _park(self, environ: "WSGIEnvironment") -> bytes | None:
        """The body if there is one already, else None, and the connection is the hub's."""
        hub, waiters, line = self.waiting.hub, self.waiting.waiters, Line.of(environ)
        hub.slots.take_checked(line.address)
        waiter = waiters.add(self.wait)
        body: bytes | None = b""
        try:
            body = self._look()
        finally:
            if body is not None:
                waiters.forget(waiter)
                hub.slots.give_back(line.address)
        if body is not None:
            return body
        peer = PollPeer(hub, take_over(environ), line, waiter=waiter, waiters=waiters)
        peer.headers = tuple(self.headers.items())
        waiter.answer = peer.answer
        hub.adopt(peer)
        waiters.park(waiter)
        return None

    def _look(self) -> bytes | None:
        try:
            return self.wait.attempt()
        except BridgeError:
            return self.wait.nothing()


class Streamed(Response):
    def __init__(
        self,
        waiting: "HubWaiting",
        topic: str,
        cursor: int,
        *,
        standing: Standing | None,
        visitor: bool,
    ) -> None:
        super().__init__(b"", headers=STREAM_HEADERS, content_type=EVENT_STREAM)
        self.visitor = visitor
        self.standing = standing
        self.waiting = waiting
        self.topic = topic
        self.cursor = cursor

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        hub, line = self.waiting.hub, Line.of(environ)
        hub.slots.take_checked(line.address)
        peer = StreamPeer(hub, take_over(environ), line.address, self.waiting.backlog)
        opening = head(self.headers.items(), None)
        peer.visitor = self.visitor
        peer.start(self.topic, self.cursor, opening, standing=self.standing)
        line.write(200, 0)
        raise StopIteration


class BlockingWaiting:
    """Where there is no server socket to take over: the request's thread waits."""

    def __init__(self, backlog: Backlog) -> None:
        self.backlog = backlog

    def hold(self, environ: Mapping[str, Any], wait: Wait) -> Response:
        deadline = time.monotonic() + wait.seconds
        while (body := wait.attempt()) is None and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY)
        if body is None:
            wait.abandoned()
        answer = answered(Response(headers=dict(wait.headers)), body or wait.nothing())
        answer.content_type = wait.headers.get("Content-Type", JSON)
        return answer

    def stream(
        self,
        environ: Mapping[str, Any],
        topic: str,
        cursor: int,
        *,
        standing: Standing | None = None,
        visitor: bool = False,
    ) -> Response:
        """Nobody is shown out or noted here: that is the hub's."""
        cursor = resumed(environ, cursor)
        return Response(
            self._events(topic, self.backlog.feed.cursor(str(cursor))),
            headers=STREAM_HEADERS,
            content_type=EVENT_STREAM,
        )

    def _events(self, topic: str, cursor: int) -> Iterator[bytes]:
        yield RETRY
        spoke = time.monotonic()
        while True:
            batch = self.backlog.after(topic, cursor)
            cursor = batch.cursor
            for push in batch.pushes:
                if topic == EVERYTHING or not push.staff:
                    spoke = time.monotonic()
                    yield push.chunk
            if time.monotonic() - spoke > COMMENT_EVERY:
                spoke = time.monotonic()
                yield COMMENT
            time.sleep(LOOK_EVERY)


class HubWaiting:
    """The `Waiting` port: no thread waits under gunicorn."""

    def __init__(self, hub: "Hub", waiters: Waiters, backlog: Backlog) -> None:
        self.hub = hub
        self.waiters = waiters
        self.backlog = backlog
        self._blocking = BlockingWaiting(backlog)

    def hold(self, environ: Mapping[str, Any], wait: Wait) -> Response:
        if not under_gunicorn(environ):
            return self._blocking.hold(environ, wait)
        self._check_slots(environ)
        return Parked(self, wait)

    def stream(
        self,
        environ: Mapping[str, Any],
        topic: str,
        cursor: int,
        *,
        standing: Standing | None = None,
        visitor: bool = False,
    ) -> Response:
        if not under_gunicorn(environ):
            return self._blocking.stream(environ, topic, cursor, standing=standing)
        self._check_slots(environ)
        start = self.backlog.feed.cursor(str(resumed(environ, cursor)))
        return Streamed(self, topic, start, standing=standing, visitor=visitor)

    def _check_slots(self, environ: Mapping[str, Any]) -> None:
        self.hub.slots.check(Line.of(environ).address)


def resumed(environ: Mapping[str, Any], cursor: int) -> int:
    """A browser that reconnects repeats its URL and says in a header how far it came."""
    last = str(environ.get("HTTP_LAST_EVENT_ID", ""))
    return int(last) if last.isascii() and last.isdigit() and len(last) < 19 else cursor
