import threading
from collections import Counter
from collections.abc import Callable


class Interest:
    """How many connections of this process want a topic. While nobody wants anything the relay
    reads nothing; `first` runs before the first one counts, so that it starts where they do."""

    def __init__(self) -> None:
        self.first: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._topics: Counter[str] = Counter()

    def add(self, topic: str) -> None:
        with self._lock:
            if not self._topics:
                self.first()
            self._topics[topic] += 1

    def remove(self, topic: str) -> None:
        with self._lock:
            self._topics[topic] -= 1
            if self._topics[topic] <= 0:
                del self._topics[topic]

    def __contains__(self, topic: str) -> bool:
        return topic in self._topics

    def __bool__(self) -> bool:
        return bool(self._topics)
