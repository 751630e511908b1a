"""Whoever asks for many conversations that do not exist is not told of those that do."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from chat_bridge.domain.addresses import network
from chat_bridge.errors import TooManyRequests
from chat_bridge.ports import Attempts

REMEMBERED = 10_000
Asked = tuple[str, str]


@dataclass(frozen=True)
class Guesses:
    """Each unknown id counts once, as old pages ask for theirs before they write; an id that an
    address has read before stays readable whatever its neighbours guess."""

    attempts: Attempts | None = None
    _read: OrderedDict[Asked, None] = field(default_factory=OrderedDict)
    _missed: OrderedDict[Asked, None] = field(default_factory=OrderedDict)
    _turn: Lock = field(default_factory=Lock)

    def check(self, address: str | None, session_id: str) -> None:
        """Before an id alone opens anything."""
        if self.attempts is None or not address or (address, session_id) in self._read:
            return
        if wait := self.attempts.wait(network(address)):
            raise TooManyRequests(retry_after=wait)

    def read(self, address: str | None, session_id: str) -> None:
        if self.attempts is not None and address:
            self._remember(self._read, (address, session_id))

    def missed(self, address: str | None, session_id: str) -> None:
        if self.attempts is None or not address or (address, session_id) in self._missed:
            return
        self._remember(self._missed, (address, session_id))
        self.attempts.failed(network(address))

    def _remember(self, where: OrderedDict[Asked, None], asked: Asked) -> None:
        with self._turn:
            where[asked] = None
            where.move_to_end(asked)
            if len(where) > REMEMBERED:
                where.popitem(last=False)
