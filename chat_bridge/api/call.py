"""What an action gets: the request, read lazily, and the services."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from flask import Request, Response

from chat_bridge.api import guards, parse
from chat_bridge.api.envelope import failure
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.items import Links
from chat_bridge.errors import BridgeError
from chat_bridge.model import Key, Session, Visitor
from chat_bridge.model.access import ADMIN, Access, key, visitor
from chat_bridge.ports import Reply, Standing, Wait, Waiting

Policy = Literal["visitor", "inbox", "outbox", "admin", "public"]


class Call:
    def __init__(
        self,
        bridge: Bridge,
        waiting: Waiting,
        request: Request,
        query: Mapping[str, str],
        *,
        any_session_id: bool = False,
    ) -> None:
        self.bridge = bridge
        self.request = request
        self.query = query
        self.any_session_id = any_session_id
        self._waiting = waiting

    @cached_property
    def body(self) -> dict[str, Any]:
        return parse.json_body(self.request, self.bridge.door.max_body_bytes)

    @cached_property
    def visitor(self) -> Visitor:
        return guards.visitor(self.bridge, self.request)

    @cached_property
    def links(self) -> Links:
        return guards.links(self.bridge, self.request)

    @property
    def idempotency_key(self) -> str | None:
        return parse.idempotency_key(self.request)

    def key(self, scope: str) -> Key:
        return guards.key(self.bridge, self.request, scope)

    def admin(self) -> Key:
        return guards.admin(self.bridge, self.request)

    def session_id(self, text: str) -> str:
        """The id as it came, if this address takes ids of that form."""
        return guards.any_session_id(text) if self.any_session_id else guards.session_id(text)

    def watched(self, session: Session) -> None:
        """A visitor who reads on from a cursor is there, if they say nothing, too."""
        if guards.bearer(self.request) is None:
            now = self.bridge.settings.live.now()
            self.bridge.sessions.watched(session, now.session_timeout)

    @cached_property
    def fetched(self) -> Callable[[Iterable[int]], None]:
        """Is told which answers go out; a key reads for nobody. Ask for it within the request."""
        if guards.bearer(self.request) is None:
            return self.bridge.readers.fetched
        return lambda responses: None

    def standing(self, scope: str, session_id: str | None = None) -> Standing | None:
        return guards.standing(self.bridge, self.request, scope, session_id)

    def hold(self, wait: Wait, standing: Standing | None) -> Response:
        """Parks the request; what comes back is the view's answer."""
        if standing is not None:
            wait = checked(wait, standing)
        parked: Response = self._waiting.hold(self.request.environ, wait)
        return parked

    def stream(self, topic: str, cursor: int, standing: Standing | None) -> Response:
        visitor = guards.bearer(self.request) is None
        streamed: Response = self._waiting.stream(
            self.request.environ, topic, cursor, standing=standing, visitor=visitor
        )
        return streamed


def checked(wait: Wait, standing: Standing) -> Wait:
    """Looks before each attempt whether whoever waits still may; if not, that is the answer."""

    def attempt() -> bytes | None:
        try:
            standing.check()
        except BridgeError as error:
            if not error.forbids:
                raise
            return Reply.of(failure(error).get_data(), error.status, {})
        return wait.attempt()

    def unsent(body: bytes) -> None:
        if not isinstance(body, Reply):
            wait.unsent(body)

    return replace(wait, attempt=attempt, unsent=unsent, who=standing.who)


@dataclass(frozen=True)
class Action:
    """One `?action=`: its methods, who may call it, what it does; `scope` is what a key needs to
    do it for a visitor."""

    name: str
    methods: Mapping[str, Callable[[Call], Response]]
    policy: Policy
    about: str
    scope: str = ""

    @property
    def access(self) -> Access:
        if self.policy == "visitor":
            return visitor(self.scope)
        return ADMIN if self.policy == "admin" else key(self.policy)
