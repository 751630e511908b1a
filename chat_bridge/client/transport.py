"""HTTP over kept connections, for many threads. Every call may be repeated, so a lost answer is
simply asked for again: messages, answers, uploads and leases go by key or receipt and never
double; the most a repeat can cost is a session nobody uses."""

import http.client
import selectors
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from chat_bridge.client.errors import BadAnswer, ClientClosed, ClientError, ConnectionFailed
from chat_bridge.client.errors import from_answer as error_from_answer
from chat_bridge.client.retry import Retry

Result = TypeVar("Result")
Broken = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Request:
    """`body` is bytes or an iterable that starts afresh each time; `patience` adds to the
    time-out what the server was asked to wait."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterable[bytes] | None = None
    patience: float = 0.0


class Answer:
    """A good answer while it comes in; a connection that breaks meanwhile is a ClientError."""

    def __init__(
        self, response: http.client.HTTPResponse, failure: Callable[[Exception], ClientError]
    ) -> None:
        self._response = response
        self._failure = failure
        self.content_type = response.headers.get_content_type()

    def read(self, size: int | None = None) -> bytes:
        try:
            chunk = self._response.read(size)
        except Broken as error:
            raise self._failure(error) from error
        if not chunk and self._response.length:
            # Reading in pieces, http.client takes an early end for the end.
            raise self._failure(http.client.IncompleteRead(b"", self._response.length))
        return chunk

    def readline(self) -> bytes:
        try:
            return self._response.readline()
        except Broken as error:
            raise self._failure(error) from error


class Transport:
    def __init__(self, url: str, timeout: float, retry: Retry) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an address like http://127.0.0.1:8001")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout
        self._retry = retry
        self._lock = threading.RLock()
        self._idle: list[http.client.HTTPConnection] = []
        # Each with its socket, which a connection that is not kept forgets before its answer ends.
        self._busy: dict[http.client.HTTPConnection, socket.socket | None] = {}
        self._closed = threading.Event()

    def exchange(self, request: Request, read: Callable[[Answer], Result]) -> Result:
        """Asks until there is a whole answer, or a reason to give up."""
        failures = 0
        while True:
            try:
                with self.answer(request) as answer:
                    return read(answer)
            except ClientError as error:
                failures += 1
                if not self._retry.goes_on(error, failures):
                    raise
                self.rest(self._retry.rest(error, failures))

    @contextmanager
    def answer(self, request: Request) -> Iterator[Answer]:
        """One attempt; the answer may be read as it comes in."""
        connection = self._borrow(self._timeout + request.patience)
        response = None
        try:
            response = self._ask(connection, request)
            answer = Answer(response, self._failure)
            if not 200 <= response.status < 300:
                raise error_from_answer(response.status, response.headers, answer.read())
            yield answer
        finally:
            reusable = response is not None and response.isclosed()
            self._give_back(connection, reusable=reusable)

    def rest(self, seconds: float) -> None:
        """Sleeps, but not longer than the client lives."""
        if self._closed.wait(seconds):
            raise ClientClosed("The client was closed.")

    def close(self) -> None:
        """Ends calls under way as well: they raise ClientClosed."""
        self._closed.set()
        with self._lock:
            for sock in self._busy.values():
                _hang_up(sock)
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def _ask(
        self, connection: http.client.HTTPConnection, request: Request
    ) -> http.client.HTTPResponse:
        try:
            self._send(connection, request)
            return connection.getresponse()
        except Broken as error:
            raise self._failure(error) from error

    def _send(self, connection: http.client.HTTPConnection, request: Request) -> None:
        """A body that is refused early breaks off; the reason may be there to read all the same."""
        self._connect(connection)
        with suppress(BrokenPipeError, ConnectionResetError):
            path = self._prefix + request.path
            connection.request(
                request.method, path, body=request.body, headers=dict(request.headers)
            )

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        """close() has nothing to hang up on before."""
        if connection.sock is None:
            connection.connect()
        with self._lock:
            if self._closed.is_set():
                raise ClientClosed("The client was closed.")
            self._busy[connection] = connection.sock

    def _borrow(self, timeout: float) -> http.client.HTTPConnection:
        with self._lock:
            if self._closed.is_set():
                raise ClientClosed("The client was closed.")
            connection = self._living() or self._new()
            self._busy[connection] = None
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        return connection

    def _living(self) -> http.client.HTTPConnection | None:
        """A kept connection that the server has not closed meanwhile."""
        while self._idle:
            connection = self._idle.pop()
            if connection.sock is not None and not _readable(connection):
                return connection
            connection.close()
        return None

    def _new(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        return kind(self._host, self._port)

    def _give_back(self, connection: http.client.HTTPConnection, *, reusable: bool) -> None:
        with self._lock:
            self._busy.pop(connection, None)
            if reusable and not self._closed.is_set():
                self._idle.append(connection)
                return
        connection.close()

    def _failure(self, error: Exception) -> ClientError:
        if self._closed.is_set():
            return ClientClosed("The client was closed.")
        if isinstance(error, http.client.UnknownProtocol | http.client.LineTooLong):
            return BadAnswer(f"This does not speak HTTP: {error}.")
        reason = str(error) or type(error).__name__
        return ConnectionFailed(f"No answer from {self._host}:{self._port}: {reason}.")


def _readable(connection: http.client.HTTPConnection) -> bool:
    """Nothing may arrive on a resting connection but its end."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _hang_up(sock: socket.socket | None) -> None:
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
