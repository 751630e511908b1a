"""Pipelines that people saved, in the database."""

from collections.abc import Sequence
from typing import Protocol

from chat_bridge.model import Pipeline


class PipelineStore(Protocol):
    def owner(self, session_id: str) -> str | None:
        """Whoever signed in, else the browser, else the session alone."""
        ...

    def put(self, owner: str, name: str, command: str, *, now: str) -> None: ...
    def find(self, owner: str, name: str) -> Pipeline | None: ...
    def all(self, owner: str) -> Sequence[Pipeline]: ...
    def remove(self, owner: str, name: str) -> bool: ...
