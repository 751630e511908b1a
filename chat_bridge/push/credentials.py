from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chat_bridge.errors import InvalidKey
from chat_bridge.model import HOLDERS, Visitor


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody on a socket brought with them: an agent key, a visitor's secret, a
    person's login, or nothing. From a `desk` that person reads the console."""

    visitor: Visitor
    key: str | None = None
    login: str | None = None
    desk: bool = False

    @property
    def who(self) -> str | None:
        """Whose end ends this: that of the key, else of the sign-in; a secret has none."""
        if self.key is not None:
            return HOLDERS
        return self.visitor.person.who if self.visitor.person else None

    @property
    def empty(self) -> bool:
        return self.key is None and self.login is None and self.visitor.secret is None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who may follow `topic`: a session id, or feed.EVERYTHING."""

    topic: str
    session_id: str | None
    staff: bool
    credentials: Credentials
    operator: bool = False


Authorise = Callable[[str | None, Credentials], Subscriber]
PostMessage = Callable[[dict[str, Any], Credentials], tuple[int, dict[str, Any]]]


def authorise_token(
    authorise: Authorise, session_id: str | None, token: str, visitor: Visitor
) -> Subscriber:
    """A token in a frame is an agent key or a visitor's secret; nothing says which."""
    nobody = replace(visitor, secret=None, by_cookie=False)
    try:
        return authorise(session_id, Credentials(nobody, key=token))
    except InvalidKey:
        return authorise(session_id, Credentials(replace(nobody, secret=token)))
