"""What a start has to bring about once: the first keys, and a way in for the first console user."""

import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass

from chat_bridge.domain import tokens
from chat_bridge.domain.kept_keys import KeptKeys
from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES, Keys, configured_prefix
from chat_bridge.ports import Clock, Store

SCOPES = {"admin": ADMIN_SCOPES, "agent": AGENT_SCOPES}
KEPT_IN = {"admin": "admin_key", "agent": "api_key"}  # rows of other programs' settings
ADOPTED = "adopted_key_"
SETUP_CODE_MS = 15 * 60_000


@dataclass(frozen=True)
class FirstStart:
    """New keys by name, shown this once, and the console's set-up code while nobody can sign in."""

    keys: dict[str, str]
    setup_code: str | None


def first_start(
    store: Store,
    clock: Clock,
    keys: Keys,
    *,
    configured: Mapping[str, str],
    published: Container[str],
) -> FirstStart:
    """Adopts the keys of the settings, or those another program keeps in the shared settings
    table (never a published default), and mints what is then still missing."""
    new = {}
    kept = KeptKeys(store, keys, published)
    for name in SCOPES:
        _adopt(store, clock, keys, name=name, given=configured.get(name, ""))
    kept.follow()
    for name, scopes in SCOPES.items():
        given = configured.get(name) or kept.given(KEPT_IN[name])
        if not given and not keys.named(name):
            new[name] = keys.create(name, scopes)
    return FirstStart(new, _setup_code(store, clock))


def _adopt(store: Store, clock: Clock, keys: Keys, *, name: str, given: str) -> None:
    """A key that the settings gave at the last start and give no more is a key no more."""
    with store.write():
        before = store.settings.get(ADOPTED + name)
        if given:
            keys.configure(name, given, SCOPES[name])
        prefix = configured_prefix(given) if given else ""
        if before and before != prefix:
            keys.retire(before)
        if before != prefix:
            about = "the key of the settings at the last start"
            store.settings.put(
                ADOPTED + name, prefix, description=about, secret=True, now=clock.now()
            )


def _setup_code(store: Store, clock: Clock) -> str | None:
    if store.settings.count_users():
        return None
    code = "-".join(f"{secrets.randbelow(10_000):04d}" for _ in range(4))
    expires = clock.text(clock.now_ms() + SETUP_CODE_MS)
    with store.write():
        store.settings.put(
            "setup_code",
            f"{tokens.digest(code)} {expires}",
            description="hash of the console's one-time set-up code, and when it ends",
            secret=True,
            now=clock.now(),
        )
    return code
