"""A form sent twice acts once: whoever sends it again gets the first answer."""

from collections.abc import Callable
from dataclasses import dataclass

from chat_bridge.errors import FormUnderWay
from chat_bridge.ports import Clock, Store

KEPT_MS = 86_400_000


@dataclass(frozen=True)
class Forms:
    store: Store
    clock: Clock

    def once(self, form_key: str, act: Callable[[], str]) -> str:
        """Acts in one transaction with remembering it; a refusal takes both back."""
        with self.store.write():
            if not self._first(form_key):
                return self._earlier(form_key)
            answer = act()
            self.store.forms.keep(form_key, answer)
        return answer

    def once_apart(self, form_key: str, act: Callable[[], str]) -> str:
        """For what must not happen inside a transaction, such as deleting files."""
        with self.store.write():
            first = self._first(form_key)
        if not first:
            return self._earlier(form_key)
        try:
            answer = act()
        except BaseException:
            with self.store.write():
                self.store.forms.forget(form_key)
            raise
        with self.store.write():
            self.store.forms.keep(form_key, answer)
        return answer

    def _first(self, form_key: str) -> bool:
        self.store.forms.forget_old(self.clock.text(self.clock.now_ms() - KEPT_MS))
        return self.store.forms.reserve(form_key, now=self.clock.now())

    def _earlier(self, form_key: str) -> str:
        answer = self.store.forms.answer(form_key)
        if answer is None:
            raise FormUnderWay
        return answer
