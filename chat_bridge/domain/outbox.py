"""Replies to visitors: accepted for every session that ever existed, once per idempotency key."""

import hashlib
import json
import secrets
from dataclasses import dataclass

from chat_bridge.domain.inbox import Inbox
from chat_bridge.errors import FileNotFound, IdempotencyConflict, InvalidSession
from chat_bridge.model import Key, NewResponse, Response
from chat_bridge.ports import Clock, NewEvent, ResponseRow, Store


@dataclass(frozen=True)
class Outbox:
    store: Store
    clock: Clock
    inbox: Inbox

    def post(self, new: NewResponse, key: Key) -> Response:
        """A reply from outside; it acknowledges the message it answers."""
        with self.store.write():
            for name in new.attachments:
                if self.store.attachments.find(new.session_id, name) is None:
                    raise FileNotFound(name=name)
            earlier = self._earlier(new)
            if earlier:
                return earlier  # what the key holds by now was not answered by it
            response = self._store(new)
            answered = new.message_id
            number = answered if isinstance(answered, int) else None
            if answered is None or number is not None:
                self.inbox.answered(key, new.session_id, number)
        return response

    def add(self, new: NewResponse) -> Response:
        """Stores a reply inside the caller's transaction."""
        return self._earlier(new) or self._store(new)

    def _earlier(self, new: NewResponse) -> Response | None:
        """The reply that this one repeats."""
        key = new.idempotency_key
        found = self.store.responses.by_key(new.session_id, key) if key else None
        if found is None:
            return None
        response, body_hash = found
        if body_hash not in (None, _hash(new)):  # None: its words were removed
            raise IdempotencyConflict
        return response

    def _store(self, new: NewResponse) -> Response:
        now_ms = self.clock.now_ms()
        stamp = self.store.sessions.stamp(
            new.session_id, now=self.clock.text(now_ms), now_ms=now_ms
        )
        if stamp is None:
            raise InvalidSession
        return self._insert(new, self.clock.text(stamp))

    def _insert(self, new: NewResponse, timestamp: str) -> Response:
        metadata = dict(new.metadata)
        if new.attachments:
            metadata["attachments"] = list(new.attachments)
        answered = None if new.message_id is None else str(new.message_id)
        row = ResponseRow(
            session_id=new.session_id, response_id=secrets.token_hex(16), response=new.text,
            message_id=answered, kind=new.kind, timestamp=timestamp,
            idempotency_key=new.idempotency_key, body_hash=_hash(new), metadata=metadata,
        )  # fmt: skip
        response_id = self.store.responses.add(row)
        self.store.events.add(
            NewEvent(new.session_id, "response.created", timestamp, response_id=response_id)
        )
        return Response(
            response_id, new.session_id, new.text, new.message_id, new.kind, timestamp, metadata
        )


def _hash(new: NewResponse) -> str:
    body = [new.text, str(new.message_id), new.kind, new.attachments, dict(new.metadata)]
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
