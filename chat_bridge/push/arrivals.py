"""A request takes a thread when it has arrived, and not while somebody is still sending it: whoever
stops within their headers or a small body costs a place in the poller until their time is up."""

import re
import socket
import struct
import time
from collections import deque
from enum import Enum
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

WITHIN_SECONDS = 15.0  # for all headers and a small body; in a large one, from piece to piece
SMALL = 32 << 10  # what certainly fits into a socket's buffer
LOOK = socket.MSG_PEEK | socket.MSG_DONTWAIT
LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
UNFORESEEN = re.compile(rb"\n(?:transfer-encoding|expect):", re.IGNORECASE)
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Arrival(Enum):
    NOTHING = "nothing"
    PART = "part"
    WHOLE = "whole"
    LARGE = "large"  # the thread that answers it has to receive it


def arrival(data: bytes) -> Arrival:
    if data[:1] in b"\r\n":  # not the beginning of a request: a thread will see what follows
        return Arrival.LARGE
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return Arrival.PART if len(data) < SMALL else Arrival.LARGE
    head += b"\r\n"
    length = LENGTH.search(head)
    if UNFORESEEN.search(head) or (length and len(head) + int(length[1]) > SMALL):
        return Arrival.LARGE
    return Arrival.PART if length and len(body) < int(length[1]) else Arrival.WHOLE


def look(conn: Any) -> tuple[Arrival, int]:
    """What of the next request is there, without taking it, and how many bytes of it are still in
    the socket: the end of what the last one read may be the beginning of this one."""
    taken = conn.parser.unreader.buf.getvalue() if conn.parser is not None else b""
    try:
        data = conn.sock.recv(SMALL, LOOK)
    except BlockingIOError:
        return (arrival(taken) if taken else Arrival.NOTHING), 0
    except OSError:
        return Arrival.WHOLE, 0  # whoever reads it finds out, as at the end of a connection
    return (arrival(taken + data) if data else Arrival.WHOLE), len(data)


class PatientThreadWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._arriving: dict[Any, tuple[float, int]] = {}  # in the order of their ends
        self._large: set[Any] = set()
        self._waiting_large: deque[Any] = deque()

    def enqueue_req(self, conn: Any) -> None:
        found, size = look(conn)
        if found is Arrival.NOTHING:
            conn.set_timeout()
            self.pending_conns.append(conn)
            self._poll(conn, self.on_pending_socket_readable)
        elif found is Arrival.PART and size != self._arriving.get(conn, (0, -1))[1]:
            self._await_more(conn, size)
        else:  # the same part again: its sender has closed
            self._arrived(conn)
            self._hand_over(conn, large=found is Arrival.LARGE)

    def _poll(self, conn: Any, callback: Any) -> None:
        self.poller.register(conn.sock, EVENT_READ, partial(callback, conn))

    def _await_more(self, conn: Any, size: int) -> None:
        """Called again when there is a byte more than now."""
        until, _ = self._arriving.get(conn, (time.monotonic() + WITHIN_SECONDS, -1))
        self._arriving[conn] = until, size
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size + 1)
        self._poll(conn, self._more)

    def _more(self, conn: Any, sock: Any) -> None:
        self.poller.unregister(sock)
        self.enqueue_req(conn)

    def _arrived(self, conn: Any) -> None:
        if self._arriving.pop(conn, None):
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)

    def _hand_over(self, conn: Any, *, large: bool) -> None:
        """Large requests get half of the threads at most: who trickles in holds up only those."""
        conn.data_ready = True
        if large:
            if len(self._large) >= max(1, self.cfg.threads // 2):
                self._waiting_large.append(conn)
                return
            self._large.add(conn)
            patience = struct.pack("ll", int(WITHIN_SECONDS), 0)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        if conn in self._large:
            self._large.remove(conn)
            if self._waiting_large:
                self._hand_over(self._waiting_large.popleft(), large=True)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn, (until, _) in self._arriving.items() if until <= now]:
            del self._arriving[conn]
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            self._refuse(conn)

    def too_slow(self) -> bytes:
        return TOO_SLOW

    def _refuse(self, conn: Any) -> None:
        try:
            conn.sock.send(self.too_slow(), socket.MSG_DONTWAIT)
        except OSError:
            self.log.debug("a slow client has gone")
        conn.close()
