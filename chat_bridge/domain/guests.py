"""How much a guest of our page may write before they are asked to sign in."""

from dataclasses import dataclass

from chat_bridge.domain import tokens
from chat_bridge.domain.live import LiveSettings
from chat_bridge.errors import GuestLimitReached
from chat_bridge.model import Session, Visitor
from chat_bridge.ports import Store


@dataclass(frozen=True)
class Guests:
    """Programs, widgets and old pages have no account to sign in with, so only sessions of our page
    count."""

    store: Store
    live: LiveSettings

    @property
    def sign_in(self) -> str:
        """ "off" asks nobody, "offered" lets them decline, "required" does not."""
        return self.live.now().sign_in

    @property
    def limit(self) -> int:
        return self.live.now().guest_message_limit

    def check(self, session: Session, visitor: Visitor) -> None:
        """Before a message is stored, inside its transaction."""
        if self.sign_in != "required" or not session.from_page or visitor.person is not None:
            return
        if self._said(session.token_hash) >= self.limit:
            raise GuestLimitReached(limit=self.limit)

    def left(self, secret: str) -> int | None:
        """How many messages a browser's guest may still write; None is as many as they like."""
        if self.sign_in == "off":
            return None
        return max(0, self.limit - self._said(tokens.digest(secret)))

    def _said(self, token_hash: str | None) -> int:
        return self.store.sessions.said_as_guest(token_hash) if token_hash else 0
