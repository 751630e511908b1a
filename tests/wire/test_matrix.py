"""Every route × every identity, from the URL map and what each route says of itself."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from chat_bridge.api.actions import ACTIONS
from chat_bridge.domain.keys import SCOPES
from chat_bridge.model import ROLES
from chat_bridge.model.access import Access

ROOT = Path(__file__).parents[2]
ROWS = b"name,city\nAda,London\n"
Route = tuple[str, str, Access]
PEOPLE = ("user", "viewer", "operator", "admin")
VISITORS = ("anonymous", "owner", "other visitor", "stranger with an id")
KEYS = ("right key", "wrong key", "revoked key", "admin key")
IDENTITIES = (*VISITORS, *KEYS, *PEOPLE)


@cache
def url_map() -> list[tuple[str, str, list[str] | None, str | None]]:
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.wire.url_map", folder],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
    return [(method, rule, said, name) for method, rule, said, name in json.loads(done.stdout)]


def declared() -> Iterator[Route]:
    """The entries of the action table stand for each of its actions."""
    for method, rule, said, name in url_map():
        access = Access(*said) if said else None  # type: ignore[arg-type]  # as it was written out
        if access is None:
            continue
        if access.policy != "table":
            yield method, rule, access
            continue
        for action in ACTIONS.values() if name is None else (ACTIONS[name],):
            if method in action.methods:
                query = f"?action={action.name}" if name is None else ""
                yield method, rule + query, action.access


def test_every_route_says_who_may_use_it() -> None:
    """Say it where the route is: `@open_to(...)`, or `@requires(role)` for a page."""
    silent = [f"{method} {rule}" for method, rule, said, _ in url_map() if said is None]
    assert silent == []


def test_every_scope_and_role_that_is_asked_for_exists() -> None:
    for method, rule, access in declared():
        known = {
            "key": SCOPES,
            "visitor": SCOPES,
            "local": SCOPES,
            "stateless": SCOPES,
            "role": ROLES,
        }.get(access.policy, ("",))
        assert access.what in (*known, ""), (method, rule)
