"""Pipelines under a name of their own: kept for whoever signed in, else for one browser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.errors import BadArgument
from chat_bridge.model import Pipeline
from chat_bridge.ports import Clock, Store

MOST = 100
LONGEST = 4_000
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Pipelines:
    store: Store
    clock: Clock

    def save(self, session_id: str, name: str, command: str) -> Pipeline:
        """Under a name in small letters; the same name again replaces what it stood for."""
        wanted = name.lower()
        if not _NAME.fullmatch(wanted):
            raise _bad(f"'{name}' cannot be a name: letters, digits, - and _, a letter first")
        if len(command) > LONGEST:
            raise _bad(f"A saved pipeline has at most {LONGEST:,} characters")
        owner = self._owner(session_id)
        with self.store.write():
            known = self.store.pipelines.all(owner)
            if len(known) >= MOST and all(one.name != wanted for one in known):
                raise _bad(f"There are {MOST} saved pipelines already; /forget one of them")
            self.store.pipelines.put(owner, wanted, command, now=self.clock.now())
        return Pipeline(wanted, command, self.clock.now())

    def find(self, session_id: str, name: str) -> Pipeline | None:
        return self.store.pipelines.find(self._owner(session_id), name.lower())

    def of_session(self, session_id: str) -> Sequence[Pipeline]:
        return self.store.pipelines.all(self._owner(session_id))

    def forget(self, session_id: str, name: str) -> bool:
        with self.store.write():
            return self.store.pipelines.remove(self._owner(session_id), name.lower())

    def _owner(self, session_id: str) -> str:
        return self.store.pipelines.owner(session_id) or f"session:{session_id}"


def _bad(reason: str) -> BadArgument:
    return BadArgument(f"{reason}.", command="save", argument="name")
