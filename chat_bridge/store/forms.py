from dataclasses import dataclass

from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class FormRows:
    sql: Queries

    def reserve(self, form_key: str, *, now: str) -> bool:
        return bool(self.sql.reserve_form(form_key=form_key, now=now))

    def answer(self, form_key: str) -> str | None:
        row = self.sql.answer_of_form(form_key=form_key)
        return row["answer"] if row else None

    def keep(self, form_key: str, answer: str) -> None:
        self.sql.keep_answer(form_key=form_key, answer=answer)

    def forget(self, form_key: str) -> None:
        self.sql.forget_form(form_key=form_key)

    def forget_old(self, before: str) -> None:
        self.sql.forget_old_forms(before=before)
