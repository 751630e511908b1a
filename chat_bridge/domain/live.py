"""Settings that the shared table may change while everything runs: what the start named wins, then
the table, then the default. A process looks again when half a second has passed."""

import logging
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, fields, replace
from typing import Any

from chat_bridge.errors import BadSetting, InvalidField
from chat_bridge.ports import Store

LOOK_AGAIN_SECONDS = 0.5
ALIASES = {"max_message_length": "max_message_chars"}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Live:
    """Named as the settings are."""

    session_timeout: int = 86_400
    retention_days: int = 0
    max_message_chars: int = 10_000
    legacy_lease: int = 300
    max_attempts: int = 5
    page_agent: str = "sheets"
    sign_in: str = "off"
    guest_message_limit: int = 3
    cors_origins: tuple[str, ...] = ("*",)
    limit_messages: str = "120000/minute"
    limit_reads: str = "120000/minute"
    limit_uploads: str = "120/minute"
    limit_agents: str = "120000/minute"
    limit_admin: str = "600/minute"


NAMES = frozenset(field.name for field in fields(Live))


class LiveSettings:
    """`start` is what the start settings say and `given` what they name; `check` reads a value as
    they do. `look` is called with each look at the table."""

    def __init__(
        self,
        store: Store,
        start: Live,
        check: Callable[[str, str], Any],
        *,
        given: Container[str] = (),
        look: Callable[[], None] = lambda: None,
        every: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._store = store
        self._start = self._live = start
        self._check = check
        self._given = given
        self._look = look
        self._every = every
        self._looked = float("-inf")
        self._told: set[tuple[str, str]] = set()

    def now(self) -> Live:
        if time.monotonic() - self._looked >= self._every:
            self._looked = time.monotonic()  # before: of many threads one looks
            self._look()
            self._live = self._read()
        return self._live

    def look_again(self) -> None:
        """Somebody in this process has changed the table."""
        self._looked = float("-inf")

    def check(self, name: str, text: str) -> None:
        """Refuses what could not be meant; an empty text means that the table says nothing."""
        field = ALIASES.get(name, name)
        if field not in NAMES or not text.strip():
            return
        try:
            self._check(field, text)
        except BadSetting as error:
            raise InvalidField(field=name, reason=str(error.details["reason"])) from error

    def _read(self) -> Live:
        found = {}
        for name, text, _ in self._store.settings.all():
            field = ALIASES.get(name, name)
            if field in NAMES and field not in self._given and text.strip():
                try:
                    found[field] = self._check(field, text)
                except BadSetting as error:
                    self._warn(name, text, str(error.details["reason"]))
        return replace(self._start, **found)

    def _warn(self, name: str, text: str, reason: str) -> None:
        if (name, text) not in self._told:
            self._told.add((name, text))
            log.warning("system_config: %s = %r has no effect: %s", name, text[:80], reason)
