"""How many durable messages a second, beside two naive designs in the same run; and how long a
message needs to an agent and its answer back to the visitor's socket.

    python bench/messages.py [--seconds 3] [--rounds 5] [--clients 16]
    python bench/messages.py --profile
"""

import argparse
import itertools
import json
import statistics
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import load
import servers
import shares
import websocket

from chat_bridge.client import Client, InboxMessage

MESSAGES = "/api/v1/?action=messages"

OURS = "chat bridge"
REPEATS = 3


def main() -> None:
    options = arguments()
    if options.profile:
        shares.run(options.requests, options.seconds, options.dir)
        return
    with tempfile.TemporaryDirectory(dir=options.dir) as name, ExitStack() as stack:
        folder = Path(name)
        ours = stack.enter_context(servers.bridge(folder))
        statement = stack.enter_context(servers.naive("per_statement", folder))
        request = stack.enter_context(servers.naive("per_request", folder))
        throughput([ours, request, statement], options)
        round_trips(ours, options.trips)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0, help="of load in one round")
    parser.add_argument("--rounds", type=int, default=5, help="the servers take turns in each")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--trips", type=int, default=300)
    parser.add_argument("--profile", action="store_true", help="where a request's time goes")
    parser.add_argument("--requests", type=int, default=2_000, help="with --profile")
    parser.add_argument("--dir", help="where the databases lie; a real disk, not a RAM disk")
    return parser.parse_args()


@dataclass
class Measured:
    """Of one server over all rounds; `cpu` in seconds."""

    server: servers.Server
    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    cpu: float = 0.0
    refused: int = 0

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def one_round(self, clients: int, seconds: float) -> None:
        before = servers.cpu_seconds(self.server)
        found = self._without_refusals(clients, seconds)
        self.cpu += servers.cpu_seconds(self.server) - before
        self.rates.append(len(found) / seconds)
        self.latencies += found

    def _without_refusals(self, clients: int, seconds: float) -> list[float]:
        """A naive design now and then answers "database is locked" and has to try again; ours
        may not."""
        for _ in range(REPEATS):
            try:
                return load.run(self.server.port, clients, seconds, message)
            except load.NotStored:
                if self.server.name == OURS:
                    raise
                self.refused += 1
        return load.run(self.server.port, clients, seconds, message)


def throughput(targets: list[servers.Server], options: argparse.Namespace) -> None:
    measured = [Measured(server) for server in targets]
    for server in targets:
        load.run(server.port, options.clients, 1.0, message)
    for _ in range(options.rounds):
        for one in measured:
            one.one_round(options.clients, options.seconds)
    print(f"durable POST messages, {options.clients} kept connections, median of {options.rounds}")
    print(f"{'':28}{'messages/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'ours is':>10}")
    for one in measured:
        half, most = percentiles(one.latencies, 50, 99)
        cpu = one.cpu * 1000 / len(one.latencies)
        times = "" if one is measured[0] else f"{measured[0].rate / one.rate:.1f} x"
        name = f"{label(one.server.name):28}"
        print(f"{name}{one.rate:12.0f}{half:9.1f}{most:9.1f}{cpu:9.2f}{times:>10}")
        if one.refused:
            print(f"{'':28}{one.refused} rounds repeated, because it refused messages")


def label(name: str) -> str:
    return name if name == OURS else f"one connection {name}"


numbers = itertools.count()


def message(client: int) -> bytes:
    text = f"Message {next(numbers)}: where is my order, please?"
    return load.post(MESSAGES, {"session_id": f"session_bench_{client}", "message": text})


def percentiles(seconds: list[float], *wanted: int) -> list[float]:
    """In milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return [cuts[percent - 1] * 1000 for percent in wanted]


def round_trips(server: servers.Server, trips: int) -> None:
    """Visitor posts; an agent's long poll gets it and answers; the visitor's socket has it."""
    url = f"http://127.0.0.1:{server.port}"
    with Client(url, servers.AGENT_KEY) as agent, Client(url) as visitor:
        empty_the_inbox(agent)
        echo = threading.Thread(target=answer, args=(agent, trips), daemon=True)
        echo.start()
        opened = visitor.open_session(agent="default")
        address = f"ws://127.0.0.1:{server.port}/ws?session_id={opened.session_id}&cursor=0"
        header = [f"X-Session-Token: {opened.session_token}"]
        sock = websocket.create_connection(address, header=header, timeout=10)
        try:
            times = [one_trip(visitor, opened.session_id, sock, n) for n in range(trips)]
        finally:
            sock.close()
        echo.join(10)
    half, most = percentiles(times, 50, 95)
    print(f"\nPOST, inbox long poll, outbox, socket: {trips} trips")
    print(f"p50 {half:.1f} ms, p95 {most:.1f} ms")


def empty_the_inbox(agent: Client) -> None:
    while waiting := agent.inbox(wait=0, limit=100):
        agent.ack(*waiting)


def answer(agent: Client, messages: int) -> None:
    left = messages
    while left > 0:
        found: list[InboxMessage] = agent.inbox(wait=30)
        for item in found:
            agent.reply(item, f"You said: {item.text}")
        left -= len(found)


def one_trip(visitor: Client, session_id: str, sock: websocket.WebSocket, number: int) -> float:
    started = time.perf_counter()
    visitor.send(session_id, f"trip {number}")
    while True:
        frame = json.loads(sock.recv())
        if frame.get("kind") == "response.created":
            text = frame["data"]["response"]["response"]
            if text.endswith(f"trip {number}"):
                return time.perf_counter() - started


if __name__ == "__main__":
    main()
