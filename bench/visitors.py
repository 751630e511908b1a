"""A hundred visitors whose pages poll as the founding page does, and one agent who answers them
all: how long an answer takes, and how long the API takes.

    python bench/visitors.py [--visitors 100] [--seconds 20]
"""

import argparse
import http.client
import itertools
import json
import random
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import servers

from chat_bridge.client import Client

POLL_SECONDS = 2.0  # the founding page, for ever
SAYS_EVERY = 5.0
SECONDS, MEAN_MS = 2.0, 100.0


@dataclass
class Times:
    """By text: when it was sent, answered by the agent, and seen by its page."""

    sent: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    api: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


@dataclass
class Page:
    """One visitor: polls every two seconds with the time of the last poll, says something now
    and then."""

    port: int
    number: int
    times: Times
    ended: threading.Event
    since: str = ""

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.ended.wait(random.uniform(0, POLL_SECONDS))  # people do not open pages in step
        speaks = time.monotonic() + random.uniform(0, SAYS_EVERY)
        for count in itertools.count():
            if time.monotonic() >= speaks:
                self.say(connection, f"{self.number}-{count}")
                speaks = time.monotonic() + SAYS_EVERY
            if self.ended.wait(POLL_SECONDS):
                break
            self.poll(connection)
        self.poll(connection)
        connection.close()

    def say(self, connection: http.client.HTTPConnection, text: str) -> None:
        body = {"session_id": self.session, "message": text, "timestamp": _now()}
        self.times.sent[text] = time.perf_counter()
        self.call(connection, "POST", "?action=messages", json.dumps(body))

    def poll(self, connection: http.client.HTTPConnection) -> None:
        since = quote(self.since)
        self.since = _now()
        query = f"?action=responses&session_id={self.session}&since={since}"
        for answer in self.call(connection, "GET", query)["data"]["responses"]:
            text = answer["response"].removeprefix("You said: ")
            self.times.seen.setdefault(text, time.perf_counter())

    def call(
        self, connection: http.client.HTTPConnection, method: str, query: str, body: str = ""
    ) -> dict[str, dict[str, list[dict[str, str]]]]:
        began = time.perf_counter()
        connection.request(method, f"/api/v1/{query}", body or None)
        answer = connection.getresponse()
        found: dict[str, dict[str, list[dict[str, str]]]] = json.loads(answer.read())
        self.times.api.append(time.perf_counter() - began)
        if answer.status != 200:
            self.times.refused.append(answer.status)
        return found

    @property
    def session(self) -> str:
        return f"session_visitor_{self.number}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--dir", help="where the database lies; a real disk, not a RAM disk")
    options = parser.parse_args()
    times = Times()
    with (
        tempfile.TemporaryDirectory(dir=options.dir) as folder,
        servers.bridge(Path(folder), rate_limits="on") as server,
    ):
        chat(server.port, options.visitors, options.seconds, times)
    report(times, options.visitors)


def chat(port: int, visitors: int, seconds: float, times: Times) -> None:
    ended, left = threading.Event(), threading.Event()
    pages = [Page(port, number, times, ended) for number in range(visitors)]
    threads = [threading.Thread(target=page.run) for page in pages]
    agent = threading.Thread(target=answer, args=(port, times, left))
    for thread in (agent, *threads):
        thread.start()
    time.sleep(seconds)
    ended.set()
    for thread in threads:
        thread.join()
    left.set()
    agent.join()


def answer(port: int, times: Times, left: threading.Event) -> None:
    with Client(f"http://127.0.0.1:{port}", servers.AGENT_KEY) as agent:
        while not left.is_set():
            for message in agent.inbox(wait=1):
                agent.reply(message, f"You said: {message.text}")
                times.answered[message.text] = time.perf_counter()


def report(times: Times, visitors: int) -> None:
    took = [times.answered[text] - at for text, at in times.sent.items() if text in times.answered]
    seen = [times.seen[text] - at for text, at in times.sent.items() if text in times.seen]
    missing = len(times.sent) - len(took)
    mean = statistics.mean(times.api) * 1000
    print(f"{visitors} visitors, {len(times.sent)} messages, {len(times.api)} calls, one agent")
    print(f"{'':34}{'mean':>10}{'slowest':>10}   goal")
    there = f"{statistics.mean(took):10.3f}{max(took):10.3f}"
    print(f"{'answer is there, s':34}{there}   {SECONDS} s each")
    print(f"{'its page has polled it, s':34}{statistics.mean(seen):10.3f}{max(seen):10.3f}")
    print(f"{'API, ms':34}{mean:10.1f}{max(times.api) * 1000:10.1f}   mean {MEAN_MS:.0f} ms")
    fine = max(took) < SECONDS and mean < MEAN_MS and not missing and not times.refused
    if not fine:
        print(f"missed: {missing} without an answer, refused {times.refused[:10]}")


if __name__ == "__main__":
    main()
