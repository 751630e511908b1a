"""Everybody who may knock: visitors, keys and people, of one running server."""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from chat_bridge.app.services import open_store
from chat_bridge.config import Settings
from chat_bridge.domain.logins import form_token
from chat_bridge.model import Visitor
from chat_bridge.model.access import Access
from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Caller

ROWS = b"name,city\nAda,London\n"
PASSWORD = "blue horses at dawn"
VISITORS = ("anonymous", "owner", "other visitor", "old client's id")
KEYS = ("right key", "wrong key", "revoked key", "admin key")
PEOPLE = ("user", "viewer", "operator", "admin")
IDENTITIES = (*VISITORS, *KEYS, *PEOPLE)
NUMBERS = count(1)


@dataclass(frozen=True)
class World:
    """A protected conversation with a file and a job, its secret, and an old client's one."""

    session: str
    token: str
    job: str
    old: "World | None" = None

    def seen_by(self, who: str) -> "World":
        return self.old if who == "old client's id" and self.old else self


class Identities:
    def __init__(self, running: RunningBridge) -> None:
        self.running = running
        self.bridge = open_store(Settings(data_dir=Path(running.data_dir)))
        self.people = {
            role: self.bridge.accounts.add(
                f"the-{role}-{next(NUMBERS)}", role, "test", password=PASSWORD
            )[0]
            for role in PEOPLE
        }
        self.keys: dict[str, str] = {}
        self.revoked = self.bridge.keys.create("revoked", frozenset({"admin"}))
        self.bridge.keys.revoke(self.revoked[:11])
        self.anybody = caller.visitor(running)
        opened = self.anybody.call("POST", "/api/v1/sessions", {}).data
        self.stranger = str(opened["session_token"])
        self.world = self._world()

    def close(self) -> None:
        self.bridge.wakeup.close()  # type: ignore[attr-defined]  # the port needs none

    def begin_anew(self) -> None:
        """Somebody was let in to what takes the world apart."""
        self.world = self._world()

    def _world(self) -> World:
        opened = self.anybody.call("POST", "/api/v1/sessions", {"agent_id": "sheets"}).data
        session, token = opened["session_id"], opened["session_token"]
        owner = Caller(self.running.port, {"X-Session-Token": token})
        found = self._filled(owner, session)
        old = self._filled(self.anybody, f"session_old{next(NUMBERS)}")
        return replace(found, token=token, old=old)

    def _filled(self, who: Caller, session: str) -> World:
        job = who.say(session, "/info", agent_id="sheets").data["job_id"]
        assert who.upload(session, "list.csv", ROWS).status == 200
        return World(session, "", job)

    def caller(self, who: str, access: Access, world: World) -> Caller:
        return Caller(self.running.port, self._headers(who, access, world))

    def _headers(self, who: str, access: Access, world: World) -> dict[str, str]:
        if who in ("anonymous", "old client's id"):
            return {}
        if who in ("owner", "other visitor"):
            return {"X-Session-Token": world.token if who == "owner" else self.stranger}
        if who in PEOPLE:
            return self._signed_in(who)
        return {"Authorization": f"Bearer {self._key(who, access)}"}

    def _signed_in(self, role: str) -> dict[str, str]:
        token = self.bridge.logins.begin(self.people[role], Visitor(ip="127.0.0.1"))
        return {"Cookie": f"cb_login={token}", "X-CSRF-Token": form_token(token)}

    def _key(self, who: str, access: Access) -> str:
        fixed = {"admin key": self.running.admin_key, "revoked key": self.revoked}
        needed = access.what if access.policy in ("key", "visitor", "local", "stateless") else ""
        other = "webhooks" if needed != "webhooks" else "inbox"
        scope = (needed or "inbox") if who == "right key" else other
        return fixed.get(who) or self._of_scope(scope)

    def _of_scope(self, scope: str) -> str:
        if scope not in self.keys:
            self.keys[scope] = self.bridge.keys.create(scope, frozenset({scope}))
        return self.keys[scope]
