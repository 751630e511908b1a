"""One thread a process owns every waiting socket. It never reads the database and never blocks:
other threads hand it sockets, events and finished answers through `call`."""

import heapq
import itertools
import logging
import os
import select
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from chat_bridge.push.feed import EVERYTHING, Push
from chat_bridge.push.interest import Interest
from chat_bridge.push.peer import LINGER, NEVER, STALL, Peer
from chat_bridge.push.slots import Slots

READ = 16 * 1024
EVENTS = 512
log = logging.getLogger(__name__)


class Hub:
    def __init__(self, interest: Interest, slots: Slots) -> None:
        self.interest = interest
        self.slots = slots
        self.leaving = False
        self._peers: dict[int, Peer] = {}
        self._topics: defaultdict[str, set[Peer]] = defaultdict(set)
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._timers: list[tuple[float, int, Peer]] = []
        self._numbers = itertools.count()
        self._deadline = 0.0
        self._epoll = select.epoll()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._bell, select.EPOLLIN)
        self._thread = threading.Thread(target=self._run, name="push-hub", daemon=True)

    # from any thread

    def start(self) -> None:
        self._thread.start()

    def call(self, action: Callable[..., None], *arguments: Any) -> None:
        """Runs on the hub's thread, in the order of the calls."""
        self._calls.append((action, arguments))
        os.eventfd_write(self._bell, 1)

    def adopt(self, peer: Peer) -> None:
        """The caller has taken a slot for its address; it is given back when the peer is gone."""
        if peer.topic is not None:
            self.interest.add(peer.topic)
        self.call(self._adopt, peer)

    def publish(self, pushes: Iterable[Push]) -> None:
        self.call(self._publish, tuple(pushes))

    def ended(self, who: str) -> None:
        """Has whoever follows as this person shown to the door, if they may not any more."""
        self.call(self._look_after, who)

    def drain(self, seconds: float = 3.0) -> None:
        """Ends every conversation in its own words, then stops."""
        if self._thread.is_alive():
            self.call(self._leave, time.monotonic() + seconds)
            self._thread.join(seconds + 1)

    def __len__(self) -> int:
        return len(self._peers)

    # on the hub's thread

    def subscribe(self, peer: Peer, topic: str | None) -> None:
        """Moves a peer to a topic; whoever asks has already counted it in `interest`."""
        if peer.topic is not None:
            known = self._topics[peer.topic]
            known.discard(peer)
            if not known:
                del self._topics[peer.topic]
            self.interest.remove(peer.topic)
        peer.topic = topic
        if topic is not None:
            self._topics[topic].add(peer)

    def send(self, peer: Peer, data: bytes) -> None:
        if peer.out is not None:
            peer.out.append(data)
            peer.queued += len(data)
            return
        try:
            sent = peer.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.drop(peer)
            return
        if sent < len(data):
            peer.out = deque((data[sent:],))
            peer.queued = len(data) - sent
            peer.moved = time.monotonic()
            self._epoll.modify(peer.fd, select.EPOLLIN | select.EPOLLOUT)
            self.remind(peer, peer.moved + STALL)

    def end(self, peer: Peer, within: float = LINGER) -> None:
        """No more words: closes after what is queued has gone out and the other side has closed,
        or when the time is up."""
        peer.ends = time.monotonic() + within
        self.remind(peer, peer.ends)
        if peer.out is None:
            self._shut(peer)

    def drop(self, peer: Peer) -> None:
        if self._peers.get(peer.fd) is not peer:
            return
        del self._peers[peer.fd]
        self.subscribe(peer, None)
        self._epoll.unregister(peer.fd)
        peer.sock.close()
        peer.out = None
        self.slots.give_back(peer.address)
        peer.gone()

    def holds(self, peer: Peer) -> bool:
        return self._peers.get(peer.fd) is peer

    def remind(self, peer: Peer, when: float) -> None:
        if when < peer.timer:
            peer.timer = when
            heapq.heappush(self._timers, (when, next(self._numbers), peer))

    def _adopt(self, peer: Peer) -> None:
        peer.sock.setblocking(False)
        self._peers[peer.fd] = peer
        self._epoll.register(peer.fd, select.EPOLLIN)
        if peer.topic is not None:
            self._topics[peer.topic].add(peer)
        peer.opened()
        if self.leaving:
            peer.leave()

    def _publish(self, pushes: tuple[Push, ...]) -> None:
        for push in pushes:
            for peer in (*self._topics.get(push.session_id, ()), *self._topics.get(EVERYTHING, ())):
                if peer.ends == NEVER:
                    self._guarded(peer, peer.deliver, push)

    def _look_after(self, who: str) -> None:
        for peer in tuple(self._peers.values()):
            self._guarded(peer, peer.looked_after, who)

    def _leave(self, deadline: float) -> None:
        self.leaving = True
        for peer in tuple(self._peers.values()):
            self._guarded(peer, peer.leave)
        self._deadline = deadline

    def _run(self) -> None:
        while not (self.leaving and self._finished()):
            for fd, mask in self._epoll.poll(self._patience(), EVENTS):
                if fd == self._bell:
                    self._answer_calls()
                elif (peer := self._peers.get(fd)) is not None:
                    self._guarded(peer, self._ready, peer, mask)
            self._ring()
        for peer in tuple(self._peers.values()):
            self.drop(peer)
        self._epoll.close()

    def _finished(self) -> bool:
        return not self._peers or time.monotonic() >= self._deadline

    def _patience(self) -> float:
        if self.leaving:
            return 0.05
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else -1

    def _answer_calls(self) -> None:
        os.eventfd_read(self._bell)
        for _ in range(len(self._calls)):
            action, arguments = self._calls.popleft()
            about = getattr(action, "__self__", None)
            self._guarded(about if isinstance(about, Peer) else None, action, *arguments)
        if self._calls:
            os.eventfd_write(self._bell, 1)

    def _ready(self, peer: Peer, mask: int) -> None:
        if mask & select.EPOLLOUT:
            self._flush(peer)
        if mask & ~select.EPOLLOUT and self.holds(peer):
            self._read(peer)

    def _read(self, peer: Peer) -> None:
        try:
            data = peer.sock.recv(READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(peer)
        elif peer.ends == NEVER:
            peer.received(data)

    def _flush(self, peer: Peer) -> None:
        while peer.out:
            piece = peer.out[0]
            try:
                sent = peer.sock.send(piece)
            except BlockingIOError:
                return
            except OSError:
                self.drop(peer)
                return
            peer.moved = time.monotonic()
            peer.queued -= sent
            if sent < len(piece):
                peer.out[0] = piece[sent:]
                return
            peer.out.popleft()
        peer.out = None
        self._epoll.modify(peer.fd, select.EPOLLIN)
        peer.drained()
        if peer.ends != NEVER:
            self._shut(peer)

    def _shut(self, peer: Peer) -> None:
        with suppress(OSError):
            peer.sock.shutdown(socket.SHUT_WR)

    def _ring(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            when, _, peer = heapq.heappop(self._timers)
            if when == peer.timer and self.holds(peer):
                peer.timer = NEVER
                self._guarded(peer, self._tick, peer, now)

    def _tick(self, peer: Peer, now: float) -> None:
        self.remind(peer, peer.tick(now))

    def _guarded(self, peer: Peer | None, action: Callable[..., None], *arguments: Any) -> None:
        """A fault in one conversation must not end all others."""
        try:
            action(*arguments)
        except Exception:  # last resort of the only thread that owns the sockets
            log.exception("push: a connection failed")
            if peer is not None:
                self.drop(peer)
