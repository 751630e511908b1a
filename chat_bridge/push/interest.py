import threading
from collections import Counter
from collections.abc import Callable


class Interest:
    """How many connections of this process want a topic. While nobody wants anything the relay
    reads nothing: `prepare` runs before the first one counts, so that it starts where they do,
    `awake` once it counts."""

    def __init__(self) -> None:
        self.prepare: Callable[[], None] = lambda: None
        self.awake: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._topics: Counter[str] = Counter()

    def add(self, topic: str) -> None:
        with self._lock:
            if self._topics:
                self._topics[topic] += 1
                return
            self.prepare()
            self._topics[topic] += 1
        self.awake()

    def remove(self, topic: str) -> None:
        with self._lock:
            self._topics[topic] -= 1
            if self._topics[topic] <= 0:
                del self._topics[topic]

    def __contains__(self, topic: str) -> bool:
        return topic in self._topics

    def __bool__(self) -> bool:
        return bool(self._topics)
