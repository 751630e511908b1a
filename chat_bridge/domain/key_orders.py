"""An order for an API key that arrives twice makes one key, and tells its secret again."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from chat_bridge.domain import tokens
from chat_bridge.domain.forms import Forms
from chat_bridge.domain.keys import PREFIX_LENGTH
from chat_bridge.errors import IdempotencyConflict


@dataclass(frozen=True)
class Order:
    """Who orders, by the secret they came with, what, and under which idempotency key."""

    caller: str
    wanted: str
    key: str | None

    @property
    def word(self) -> str:
        return f"{self.caller}\n{self.key}"


@dataclass(frozen=True)
class KeyOrders:
    """A secret is not kept to be told again but worked out anew, from a salt that is and from the
    caller's own secret, which is not: the database alone gives no key away."""

    forms: Forms

    def once(self, order: Order, make: Callable[[str], str]) -> str:
        """`make` gets the secret part of the new key and answers with the whole."""
        if order.key is None:
            return make(tokens.new_secret())
        wanted = tokens.digest(order.wanted)

        def act() -> str:
            salt = tokens.new_secret()
            prefix = make(tokens.derived(salt, order.word))[:PREFIX_LENGTH]
            return json.dumps({"prefix": prefix, "salt": salt, "wanted": wanted})

        made = json.loads(self.forms.once("key " + tokens.digest(order.word), act))
        if made["wanted"] != wanted:
            raise IdempotencyConflict
        return f"{made['prefix']}_{tokens.derived(made['salt'], order.word)}"
