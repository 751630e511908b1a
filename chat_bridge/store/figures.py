from dataclasses import dataclass

from chat_bridge.ports import Figures
from chat_bridge.store.connection import Database
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class FigureRows:
    sql: Queries
    database: Database

    def read(self) -> Figures:
        stored = self.sql.stored_figures()
        now = self.sql.waiting_figures()
        waiting = [at for at in (now["oldest_pending"], now["oldest_leased"]) if at]
        return Figures(
            stored=dict(stored),
            messages={state: now[state] for state in ("pending", "leased", "dead")},
            jobs={state: now[f"jobs_{state}"] for state in ("pending", "running")},
            oldest=min(waiting, default=None),
            bytes={"database": self._size(""), "log": self._size("-wal")},
        )

    def _size(self, suffix: str) -> int:
        path = self.database.path.with_name(self.database.path.name + suffix)
        return path.stat().st_size if path.exists() else 0
