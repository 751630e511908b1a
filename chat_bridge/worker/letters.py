"""What parent and child tell each other: pickled values with their length in front."""

import pickle
import socket
import struct
from dataclasses import dataclass

from chat_bridge.errors import BridgeError
from chat_bridge.model import Profile, RunResult

_LENGTH = struct.Struct("<Q")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Finished:
    value: RunResult | Profile


@dataclass(frozen=True)
class Refused:
    """The run ended with one of our errors; class, sentence and details survive the way."""

    error: BridgeError


def send(connection: socket.socket, letter: object) -> None:
    content = pickle.dumps(letter, protocol=pickle.HIGHEST_PROTOCOL)
    connection.sendall(_LENGTH.pack(len(content)) + content)


class Mailbox:
    """Letters out of a stream that arrives in pieces."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._pending = bytearray()
        self.ended = False

    def collect(self) -> list[object]:
        """One read, and every letter that is complete by it."""
        try:
            piece = self._connection.recv(_CHUNK)
        except ConnectionResetError:
            piece = b""
        self.ended = not piece
        self._pending += piece
        letters = []
        while (letter := self._next()) is not None:
            letters.append(letter)
        return letters

    def _next(self) -> object | None:
        if len(self._pending) < _LENGTH.size:
            return None
        end = _LENGTH.size + _LENGTH.unpack_from(self._pending)[0]
        if len(self._pending) < end:
            return None
        letter: object = pickle.loads(bytes(self._pending[_LENGTH.size : end]))
        del self._pending[:end]
        return letter


def receive(connection: socket.socket) -> object | None:
    """Waits for one letter; None when the other side is gone."""
    mailbox = Mailbox(connection)
    while not mailbox.ended:
        for letter in mailbox.collect():
            return letter
    return None
