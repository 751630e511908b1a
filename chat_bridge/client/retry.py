import random
from dataclasses import dataclass

from chat_bridge.client.errors import ClientError


@dataclass(frozen=True)
class Retry:
    """How often a call is tried, and how long it rests in between (seconds)."""

    attempts: int = 5
    first: float = 0.2
    longest: float = 20.0

    def goes_on(self, error: ClientError, failures: int) -> bool:
        """A rest the server asks for that is longer than ours is the caller's to decide."""
        if not error.temporary or failures >= self.attempts:
            return False
        return error.retry_after is None or error.retry_after <= self.longest

    def rest(self, error: ClientError, failures: int) -> float:
        """Doubles with each failure; half of it is chance, so that callers do not come in step."""
        grown = min(self.longest, self.first * 2 ** (failures - 1))
        return (error.retry_after or 0.0) + random.uniform(grown / 2, grown)
