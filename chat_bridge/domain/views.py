"""Filters of the inbox that an operator keeps under a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain.audit import Audit
from chat_bridge.errors import InvalidField, ViewNotFound
from chat_bridge.model import InboxView, Person
from chat_bridge.ports import Store

LONGEST = 40
MOST = 20


@dataclass(frozen=True)
class Views:
    store: Store
    audit: Audit

    def of(self, person: Person) -> Sequence[InboxView]:
        return self.store.views.of_person(person.id)

    def keep(self, person: Person, name: str, query: str) -> str:
        """Its name as it is kept; under one that is there already, instead of what it had."""
        name = " ".join(name.split())
        if not (0 < len(name) <= LONGEST and name.isprintable()):
            raise InvalidField(field="name", reason=f"1 to {LONGEST} characters")
        with self.store.write():
            kept = {one.name: one.query for one in self.of(person)}
            if len(kept) >= MOST and name not in kept:
                raise InvalidField(field="name", reason=f"there are {MOST} views already")
            if kept.get(name) != query:
                self.store.views.keep(person.id, name, query)
                self._changed(person, name, before=kept.get(name), after=query)
        return name

    def remove(self, person: Person, number: int) -> InboxView:
        with self.store.write():
            found = next((one for one in self.of(person) if one.id == number), None)
            if found is None:
                raise ViewNotFound
            self.store.views.remove(person.id, number)
            self._changed(person, found.name, before=found.query, after=None)
        return found

    def _changed(self, person: Person, name: str, *, before: str | None, after: str | None) -> None:
        self.audit.write(person.actor, "inbox view", subject=name, before=before, after=after)
