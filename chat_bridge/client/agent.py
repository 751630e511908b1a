import logging
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from chat_bridge.client.client import Client
from chat_bridge.client.errors import ClientClosed, ClientError, LeaseLost, Refused
from chat_bridge.client.held import Held
from chat_bridge.client.retry import Retry
from chat_bridge.client.turns import Turns
from chat_bridge.client.values import InboxMessage

log = logging.getLogger("chat_bridge.agent")

LONGEST_DELAY = 300.0
POLL_SECONDS = 30.0


@dataclass(frozen=True)
class Reply:
    """An answer with files: they are sent to the session first."""

    text: str
    files: Sequence[str | os.PathLike[str]] = ()
    kind: str = "text"


Answer = Reply | str | Iterable[str] | None
Handler = Callable[[InboxMessage], Answer]


class Agent:
    """Answers messages until it is told to stop.

    What the handler returns is the answer (None: done, with nothing to say; pieces of text, or a
    handler that yields them: the visitor sees it growing); when it raises, the
    message comes back after `retry_delay` seconds, longer each time, and becomes a dead letter
    after a few attempts. A session's messages are handled in order, up to `threads` sessions at
    once, and leases are renewed while a handler runs. A crash loses nothing: what was not
    answered is delivered again.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        agent: str | None = None,
        threads: int = 4,
        lease: float = 60.0,
        retry_delay: float = 5.0,
    ) -> None:
        self.client = Client(url, key)
        self._polling = Client(url, key)
        self._agent = agent
        self._lease = lease
        self._retry_delay = retry_delay
        self._handler: Handler | None = None
        self._held = Held(self.client, lease)
        self._turns = Turns(self._handle, threads)
        self._stopping = threading.Event()
        # put() of a SimpleQueue may interrupt itself, so a signal handler may call it.
        self._ends: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()

    def on_message(self, handler: Handler) -> Handler:
        self._handler = handler
        return handler

    def run(self) -> None:
        """Returns after stop(), Ctrl-C or SIGTERM, when what it holds is answered; raises when
        the bridge refuses the key. An agent runs once."""
        if self._handler is None:
            raise RuntimeError("tell the agent what to do first: @agent.on_message")
        poll = threading.Thread(target=self._poll, name="inbox", daemon=True)
        with self._stopped_by_signals():
            self._held.start()
            poll.start()
            refusal = self._ends.get()
        self._stopping.set()
        self._turns.close()
        self._polling.close()
        poll.join()
        self._turns.finish()
        self._held.stop()
        self.client.close()
        if refusal is not None:
            raise refusal

    def stop(self) -> None:
        """From any thread."""
        self._ends.put(None)

    def _poll(self) -> None:
        """Whatever ends the polling ends the agent: it must not seem alive and never poll."""
        try:
            self._poll_until_closed()
        except ClientClosed:
            return
        except Exception as error:
            log.debug("the agent polls no more", exc_info=True)
            self._ends.put(error)

    def _poll_until_closed(self) -> None:
        failures = 0
        while self._turns.room():
            try:
                self._take()
                failures = 0
            except ClientError as error:
                if isinstance(error, ClientClosed | Refused) and not error.temporary:
                    raise
                failures += 1
                log.warning("no answer from the inbox: %s", error)
                self._stopping.wait(Retry().rest(error, failures))

    def _take(self) -> None:
        """One message at a time: while it is held, the bridge keeps back the rest of its session,
        so a message that fails never drags the next ones along."""
        messages = self._polling.inbox(
            wait=POLL_SECONDS, limit=1, lease=self._lease, agent=self._agent
        )
        for message in messages:
            self._held.take(message)
        self._turns.add(messages)

    def _handle(self, message: InboxMessage) -> None:
        assert self._handler is not None
        if not self._held.holds(message):
            return
        try:
            self._settle(message, self._handler(message))
        except LeaseLost:
            log.warning("message %s was already settled, or is somebody else's", message.id)
        except Exception as error:
            log.exception("message %s failed, attempt %d", message.id, message.attempt)
            self._give_back(message, error)
        finally:
            self._held.drop(message)

    def _settle(self, message: InboxMessage, answer: Answer) -> None:
        if not self._held.holds(message):
            raise LeaseLost(f"The lease on message {message.id} ran out.")
        if answer is None:
            self.client.ack(message)
            return
        if isinstance(answer, str):
            answer = Reply(answer)
        if isinstance(answer, Reply):
            self._reply(message, answer)
            return
        with self.client.stream(message) as growing:
            for piece in answer:
                growing.write(piece)

    def _reply(self, message: InboxMessage, reply: Reply) -> None:
        names = [self.client.send_file(message.session_id, path).name for path in reply.files]
        self.client.reply(message, reply.text, attachments=names, kind=reply.kind)

    def _give_back(self, message: InboxMessage, error: Exception) -> None:
        delay = min(LONGEST_DELAY, self._retry_delay * 2 ** (message.attempt - 1))
        try:
            self.client.nack(message, delay=delay, reason=f"{type(error).__name__}: {error}"[:500])
        except ClientError as refusal:
            log.warning("message %s comes back when its lease ends: %s", message.id, refusal)

    @contextmanager
    def _stopped_by_signals(self) -> Iterator[None]:
        """The first signal stops the agent; afterwards they act as before, so a second ends it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop()
