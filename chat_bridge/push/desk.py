"""What clients may say on a socket. Heard on the hub's thread; whatever needs the database is
handed to the claim threads."""

import json
from collections.abc import Callable
from typing import Any

from chat_bridge.domain import strict_json
from chat_bridge.errors import (
    BridgeError,
    InvalidField,
    Unauthenticated,
    UnknownFrame,
)
from chat_bridge.ports import Wakeup
from chat_bridge.push.claims import Claims
from chat_bridge.push.credentials import (
    Authorise,
    Credentials,
    PostMessage,
    Subscriber,
    authorise_token,
)
from chat_bridge.push.feed import EVERYTHING, Feed
from chat_bridge.push.interest import Interest
from chat_bridge.push.websocket import SocketPeer, facts

TYPING_SECONDS = 5
Said = dict[str, Any]


class SocketDesk:
    def __init__(
        self, *, authorise: Authorise, post_message: PostMessage, feed: Feed, wakeup: Wakeup,
        claims: Claims, interest: Interest,
    ) -> None:  # fmt: skip
        self.authorise = authorise
        self.post_message = post_message
        self.feed = feed
        self._wakeup = wakeup
        self._claims = claims
        self._interest = interest
        self._answers: dict[str, Callable[[SocketPeer, Said], None]] = {
            "ping": self._ping,
            "auth": self._auth,
            "subscribe": self._subscribe,
            "message": self._message,
            "typing": self._typing,
        }

    def heard(self, peer: SocketPeer, said: str) -> None:
        try:
            frame = {"type": "ping"} if said == "ping" else strict_json.read(said.encode())
            answer = self._answers.get(str(frame.get("type")))
            if answer is None:
                raise UnknownFrame(type=str(frame.get("type"))[:50])
            answer(peer, frame)
        except BridgeError as fault:
            peer.say({"type": "error"} | facts(fault))

    def begin(
        self, peer: SocketPeer, order: int, find: Callable[[], Subscriber], cursor: str | None
    ) -> None:
        """Lets a socket follow what `find` says it may, from a cursor on."""
        try:
            subscriber = find()
            start = self.feed.begin(cursor, subscriber.session_id)
        except BridgeError as fault:
            peer.hub.call(peer.refused, order, fault)
            return
        self._interest.add(subscriber.topic)
        peer.hub.call(peer.admitted, order, subscriber, start)

    def check(self, peer: SocketPeer) -> None:
        """Whether a socket of somebody signed in, or with a key, may stay."""
        self._claims.submit(self._check, peer, peer.session_id, peer.credentials)

    def _check(self, peer: SocketPeer, session_id: str | None, credentials: Credentials) -> None:
        try:
            self.authorise(session_id, credentials)
        except BridgeError as fault:
            if fault.forbids:
                peer.hub.call(peer.shown_out, fault)

    def _ping(self, peer: SocketPeer, said: Said) -> None:
        peer.say({"type": "pong"})
        if peer.credentials.who is not None and peer.topic is not None:
            self.check(peer)

    def _auth(self, peer: SocketPeer, said: Said) -> None:
        token, visitor, session_id = _word(said, "token"), peer.credentials.visitor, peer.session_id
        self._claim(
            peer,
            lambda: authorise_token(self.authorise, session_id, token, visitor),
            _cursor(said) or peer.asked_cursor,
        )

    def _subscribe(self, peer: SocketPeer, said: Said) -> None:
        session_id = _word(said, "session_id") if said.get("session_id") is not None else None
        credentials = peer.credentials
        self._claim(peer, lambda: self.authorise(session_id, credentials), _cursor(said))

    def _claim(self, peer: SocketPeer, find: Callable[[], Subscriber], cursor: str | None) -> None:
        self._claims.submit(self.begin, peer, peer.asks(), find, cursor)

    def _message(self, peer: SocketPeer, said: Said) -> None:
        body = {name: value for name, value in said.items() if name != "type"}
        if peer.session_id is not None:
            body.setdefault("session_id", peer.session_id)
        self._claims.submit(self._post, peer, body, peer.credentials)

    def _post(self, peer: SocketPeer, body: Said, credentials: Credentials) -> None:
        try:
            status, answer = self.post_message(body, credentials)
        except BridgeError as fault:
            status, answer = fault.status, facts(fault)
        answer = {
            "type": "message",
            "client_msg_id": body.get("client_msg_id"),
            "status_code": status,
        } | answer
        peer.hub.call(peer.say, answer)

    def _typing(self, peer: SocketPeer, said: Said) -> None:
        """Told to those who answer; it is never stored."""
        if peer.topic is None:
            raise Unauthenticated
        if peer.topic == EVERYTHING:
            raise InvalidField(field="type", reason="an agent's typing goes through the API")
        event = {
            "session_id": peer.topic,
            "kind": "typing",
            "audience": "staff",
            "data": {"seconds": TYPING_SECONDS, "agent": None},
        }
        self._wakeup.notify(json.dumps(event).encode())


def _word(said: Said, name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value or len(value) > 500:
        raise InvalidField(field=name, reason="expected a text")
    return value


def _cursor(said: Said) -> str | None:
    value = said.get("cursor")
    return None if value is None else str(value)
