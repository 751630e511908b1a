from dataclasses import dataclass

from chat_bridge.ports import Beat
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class ProcessRows:
    sql: Queries

    def beat(self, beat: Beat, *, kind: str, pid: int, now: str) -> None:
        self.sql.beat_process(
            name=beat.owner, kind=kind, pid=pid, alive_until=beat.until, boot=beat.boot, now=now
        )

    def alive(self, now: int, boot: str) -> dict[str, int]:
        return {row["kind"]: row["alive"] for row in self.sql.live_processes(now=now, boot=boot)}

    def up_since(self, now: int, boot: str) -> str | None:
        since: str | None = self.sql.oldest_process(now=now, boot=boot)[0]
        return since

    def forget(self, name: str, boot: str, long_ago: int) -> None:
        self.sql.forget_process(name=name, boot=boot, long_ago=long_ago)
