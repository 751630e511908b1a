"""Messages and jobs that were given up: tried again, or laid aside with a reason."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chat_bridge.domain.audit import Audit
from chat_bridge.domain.jobs import Jobs
from chat_bridge.errors import (
    CommandRemoved,
    InvalidField,
    JobFinished,
    JobNotFound,
    JobRunning,
    LetterNotFound,
)
from chat_bridge.model import DeadGroup, DeadLetter, LetterKind
from chat_bridge.ports import Clock, NewEvent, Store

AT_ONCE = 200
LONGEST_REASON = 500
RETRY = "dead letter retry"
DISCARD = "dead letter discard"
RESTORE = "dead letter restore"
AGAIN, BACK = "tried again", "among the dead letters"


@dataclass(frozen=True)
class DeadLetters:
    store: Store
    clock: Clock
    jobs: Jobs
    audit: Audit

    def groups(self) -> Sequence[DeadGroup]:
        """The largest first."""
        return self.store.dead.groups()

    def letters(
        self, kind: LetterKind, reason: str, *, after: int = 0, limit: int = 50
    ) -> Sequence[DeadLetter]:
        """Oldest first; `after` is the number of the last one seen."""
        return self.store.dead.letters(kind, reason or None, after=after, limit=limit)

    def every(self, kind: LetterKind, reason: str) -> Iterator[DeadLetter]:
        """All of one reason, read a part at a time."""
        after = 0
        while part := self.letters(kind, reason, after=after, limit=AT_ONCE):
            yield from part
            after = part[-1].id

    def discarded(self, limit: int = 100) -> Sequence[DeadLetter]:
        """What was laid aside, newest first; `reason` is why."""
        return self.store.dead.discarded(limit)

    def retry(self, actor: str, kind: LetterKind, ids: Sequence[int]) -> int:
        """All of them, or none: an unknown one is named."""
        return self._each(actor, RETRY, self._named(kind, ids), self._revive, after=AGAIN)

    def discard(self, actor: str, kind: LetterKind, ids: Sequence[int], why: str) -> int:
        """They stay readable in their conversations, but in no list of what is to be done."""
        lay_aside = self._laying_aside(why)
        return self._each(actor, DISCARD, self._named(kind, ids), lay_aside, after=why)

    def restore(self, actor: str, kind: LetterKind, ids: Sequence[int]) -> int:
        """Takes a discard back."""

        def bring_back(letter: DeadLetter) -> bool:
            return self.store.dead.discard(kind, letter.id, None)

        return self._each(actor, RESTORE, self._named(kind, ids), bring_back, after=BACK)

    def retry_all(self, actor: str, kind: LetterKind, reason: str) -> int:
        """Everything given up so far for one reason, a part at a time: others write in between,
        and what dies again meanwhile is not tried again."""
        parts = self._parts(kind, reason)
        return sum(self._each(actor, RETRY, part, self._revive, after=AGAIN) for part in parts)

    def discard_all(self, actor: str, kind: LetterKind, reason: str, why: str) -> int:
        lay_aside = self._laying_aside(why)
        parts = self._parts(kind, reason)
        return sum(self._each(actor, DISCARD, part, lay_aside, after=why) for part in parts)

    def _laying_aside(self, why: str) -> Callable[[DeadLetter], bool]:
        if not 0 < len(why.strip()) <= LONGEST_REASON:
            raise InvalidField(field="reason", reason=f"1 to {LONGEST_REASON} characters")
        return lambda letter: self.store.dead.discard(letter.kind, letter.id, why.strip())

    def _named(self, kind: LetterKind, ids: Sequence[int]) -> Sequence[DeadLetter]:
        found = []
        for letter_id in dict.fromkeys(ids):
            letter = self.store.dead.find(kind, letter_id)
            if letter is None:
                raise LetterNotFound(kind=kind, id=letter_id)
            found.append(letter)
        return found

    def _parts(self, kind: LetterKind, reason: str) -> Sequence[Sequence[DeadLetter]]:
        parts = []
        after = 0
        while part := self.letters(kind, reason, after=after, limit=AT_ONCE):
            parts.append(part)
            after = part[-1].id
        return parts

    def _each(
        self,
        actor: str,
        action: str,
        letters: Sequence[DeadLetter],
        act: Callable[[DeadLetter], bool],
        *,
        after: str,
    ) -> int:
        """In one commit; what somebody else dealt with meanwhile is left alone."""
        with self.store.write():
            done = [letter for letter in letters if act(letter)]
            for letter in done:
                subject = letter.job_id or f"message {letter.id}"
                self.audit.write(actor, action, subject=subject, before=letter.reason, after=after)
        return len(done)

    def _revive(self, letter: DeadLetter) -> bool:
        if letter.job_id is not None:
            return self._run_again(letter.job_id)
        if not self.store.inbox.redrive(letter.id):
            return False
        self.store.events.add(
            NewEvent(
                letter.session_id, "message.released", self.clock.now(),
                message_id=letter.id, payload={"message_id": letter.id},
            )
        )  # fmt: skip
        return True

    def _run_again(self, job_id: str) -> bool:
        try:
            self.jobs.retry(self.jobs.find(job_id))
        except (CommandRemoved, JobFinished, JobNotFound, JobRunning):
            return False
        return True
