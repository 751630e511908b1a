"""The settings table shared with other control programs: any key, kept as text; secrets are shown
as a mask, which leaves them unchanged when it is written back."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from chat_bridge.domain.first_start import ADOPTED, KEPT_IN, SCOPES
from chat_bridge.domain.keys import Keys
from chat_bridge.domain.live import LiveSettings
from chat_bridge.errors import InvalidField
from chat_bridge.ports import Clock, Store

MASK = "********"
SECRET = re.compile(r"(?:^|_)(?:(?:api|admin|secret|private|access)_key|token|secret|password)$")
INTERNAL = frozenset({"setup_code", "events_pruned_to", *(ADOPTED + name for name in SCOPES)})
KEY_NAMES = {kept: name for name, kept in KEPT_IN.items()}
SHORTEST_KEY = 8


@dataclass(frozen=True)
class SharedSettings:
    """`live` says which of them count right now."""

    store: Store
    clock: Clock
    keys: Keys
    live: LiveSettings
    published: Container[str]

    def shown(self) -> dict[str, str]:
        """Every key with its text; `api_key` and `admin_key` are always there, never readable."""
        found = dict.fromkeys(KEY_NAMES, MASK)
        for name, value, is_secret in self.store.settings.all():
            if name not in INTERNAL and name not in KEY_NAMES:
                hidden = value and (is_secret or _is_secret(name))
                found[name] = MASK if hidden else value
        now = self.live.now()
        counts = {
            "session_timeout": now.session_timeout,
            "max_message_length": now.max_message_chars,
        }
        return found | {name: str(value) for name, value in counts.items()}

    def put(self, values: Mapping[str, str]) -> Mapping[str, tuple[str | None, str]]:
        """All or nothing; tells what was changed, before and after, secrets as a mask."""
        known = self.shown()
        changed = {
            name: value for name, value in values.items() if not self._unchanged(name, value)
        }
        for name, value in changed.items():
            self.check(name, value)
        with self.store.write():
            for name, value in changed.items():
                if name in KEY_NAMES:
                    self._replace_key(name, value)
                else:
                    self._keep(name, value)
        self.live.look_again()
        now = self.shown()
        return {name: (known.get(name), now[name]) for name in changed}

    def _unchanged(self, name: str, value: str) -> bool:
        return value == MASK and (name in KEY_NAMES or self._hidden(name))

    def _hidden(self, name: str) -> bool:
        return any(n == name and (secret or _is_secret(n)) for n, _, secret in self._rows())

    def _rows(self) -> list[tuple[str, str, bool]]:
        return list(self.store.settings.all())

    def remove(self, name: str) -> None:
        """Takes a row out of the table."""
        with self.store.write():
            self.store.settings.remove(name)
        self.live.look_again()

    def editable(self, name: str, taken: Container[str]) -> bool:
        """Whether a row is another program's, or nobody's."""
        return name not in INTERNAL and name not in taken

    @staticmethod
    def is_secret(name: str, marked: bool) -> bool:
        return marked or _is_secret(name)

    def check(self, name: str, value: str) -> None:
        """Refuses what `put` would refuse."""
        if name in INTERNAL:
            raise InvalidField(field=name, reason="kept by the server itself")
        if name in KEY_NAMES and len(value) < SHORTEST_KEY:
            raise InvalidField(field=name, reason=f"at least {SHORTEST_KEY} characters are needed")
        if name in KEY_NAMES and value in self.published:
            raise InvalidField(field=name, reason="this key is published; choose another")
        self.live.check(name, value)

    def _replace_key(self, name: str, value: str) -> None:
        """The row is written only where another program keeps one: ours are stored hashed."""
        self.keys.configure(KEY_NAMES[name], value, SCOPES[KEY_NAMES[name]])
        if self.store.settings.get(name) is not None:
            self._keep(name, value)

    def _keep(self, name: str, value: str) -> None:
        secret = _is_secret(name)
        self.store.settings.put(name, value, description="", secret=secret, now=self.clock.now())


def _is_secret(name: str) -> bool:
    return SECRET.search(name.lower()) is not None
