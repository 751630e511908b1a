"""Copies the conversations of an old installation into ours, once, however often it is asked to."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from chat_bridge.domain import times, tokens
from chat_bridge.domain.audit import Audit
from chat_bridge.model import Found, OldLine, OldSession
from chat_bridge.ports import Clock, Store

KINDS = ("sessions", "messages", "responses")


class Source(Protocol):
    def check(self) -> None: ...
    def sessions(self) -> Iterator[OldSession]: ...
    def lines(self, session_id: str) -> Iterator[OldLine]: ...


class _OnlyLooked(Exception):
    """Takes a rehearsal back."""


@dataclass(frozen=True)
class Imports:
    store: Store
    clock: Clock
    audit: Audit

    def run(self, source: Source, who: str, name: str, *, dry_run: bool = False) -> Found:
        """One transaction: all of the file or nothing."""
        source.check()
        total: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
        new: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
        try:
            with self.store.write():
                for session in source.sessions():
                    self._copy(source, session, total, new)
                counts = ", ".join(f"{new[kind]} {kind}" for kind in KINDS)
                self.audit.write(who, "import", subject=name, after=counts)
                if dry_run:
                    raise _OnlyLooked
        except _OnlyLooked:
            pass
        return Found(dict(total), dict(new))

    def _copy(
        self, source: Source, session: OldSession, total: Counter[str], new: Counter[str]
    ) -> None:
        total["sessions"] += 1
        new["sessions"] += self._add_session(session)
        last = 0
        for line, stamp in _stamped(list(source.lines(session.session_id))):
            kind = line.side + "s"
            total[kind] += 1
            new[kind] += self._add(line, self.clock.text(stamp))
            last = stamp
        self.store.imports.raise_stamp(session.session_id, last)

    def _add_session(self, session: OldSession) -> bool:
        created = _moment(session.created_at) or _moment(session.last_active) or self.clock.now()
        return self.store.imports.add_session(
            session,
            chat_id=tokens.new_chat_id(),
            uid=session.uid or tokens.new_uid(),
            created_at=created,
            last_activity=_moment(session.last_active) or created,
        )

    def _add(self, line: OldLine, stamp: str) -> bool:
        if line.side == "message":
            return self.store.imports.add_message(line, key=f"import:{line.id}", stamp=stamp)
        return self.store.imports.add_response(
            line, key=f"import:{line.id}", response_id=tokens.new_uid() * 2, stamp=stamp
        )


def _moment(text: str | None) -> str | None:
    return times.canonical(text) if text and times.milliseconds(text) is not None else None


def _stamped(lines: list[OldLine]) -> Iterator[tuple[OldLine, int]]:
    """In the order they were said, each a moment of its own; a time nobody can read is that of the
    line before it."""
    placed, known = [], 0
    for line in lines:
        at = times.milliseconds(line.timestamp or "")
        known = known if at is None else at
        placed.append((known, line))
    last = 0
    for at, line in sorted(placed, key=lambda one: (one[0], one[1].side, one[1].id)):
        last = max(last + 1, at)
        yield line, last
