from dataclasses import dataclass

from chat_bridge.model import InboxView
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class ViewRows:
    sql: Queries

    def of_person(self, person_id: int) -> list[InboxView]:
        return [InboxView(**dict(row)) for row in self.sql.views_of_person(person_id=person_id)]

    def keep(self, person_id: int, name: str, query: str) -> None:
        self.sql.keep_view(person_id=person_id, name=name, query=query)

    def remove(self, person_id: int, number: int) -> None:
        self.sql.remove_view(person_id=person_id, id=number)
