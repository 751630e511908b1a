import json
from collections.abc import Collection
from dataclasses import dataclass

from chat_bridge.model import FailedJob, JobCounts
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class OverviewRows:
    sql: Queries

    def hours(self, since: str, bound: int) -> list[tuple[str, int]]:
        found = self.sql.messages_by_hour(since=since, bound=bound)
        return [(row["hour"], row["messages"]) for row in found]

    def answers(self, since: str, bound: int) -> list[tuple[str, str]]:
        found = self.sql.recent_answers(since=since, bound=bound)
        return [(row["asked"], row["answered"]) for row in found]

    def jobs(self, since: str, bound: int, mistakes: Collection[str]) -> JobCounts:
        found = self.sql.count_jobs(since=since, bound=bound, mistakes=_listed(mistakes))
        return JobCounts(**dict(found))

    def dead(self, bound: int) -> int:
        return int(self.sql.count_dead(bound=bound)[0])

    def failures(self, bound: int, limit: int, mistakes: Collection[str]) -> list[FailedJob]:
        told = _listed(mistakes)
        found = self.sql.recent_failures(bound=bound, limit=limit, mistakes=told)
        return [FailedJob(**dict(row)) for row in found]


def _listed(codes: Collection[str]) -> str:
    return json.dumps(sorted(codes))
