"""GET /metrics: what Prometheus asks for. What is stored and waiting is read from the database,
which all processes share; requests are counted in files that the processes of one server share."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chat_bridge import __version__
from chat_bridge.api import guards, headers
from chat_bridge.api.actions import ACTIONS
from chat_bridge.domain import times
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import Unauthenticated
from chat_bridge.model.access import Access, open_to

SHARED = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
Explain = Callable[[Exception], Response]
PREFIX = "chat_bridge_"


class Requests:
    """Counts the requests of this process; by route, never by what a caller made up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._count = Counter(
            PREFIX + "http_requests_total",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            PREFIX + "http_request_seconds",
            "Time to an answer, or to the hand-over of what waits",
            ("route",),
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
        )
        self._open = Gauge(
            PREFIX + "open_connections",
            "Sockets, streams and waiting polls, as each process last said",
            ("kind",),
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def holds(self, kind: str, count: int) -> None:
        """What waits in this process; a process that ended holds nothing any more."""
        self._open.labels(kind).set(count)

    def attach(self, app: Flask) -> None:
        @cache
        def of(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
            """Looking labels up takes longer than counting; there are few, as routes are."""
            return self._count.labels(method, route, str(status)), self._seconds.labels(route)

        @app.before_request
        def begin() -> None:
            g.began = time.perf_counter()

        @app.after_request
        def end(response: Response) -> Response:
            route = _route()
            method = request.method if request.method in METHODS else "other"
            count, seconds = of(method, route, response.status_code)
            count.inc()
            if began := g.get("began"):
                seconds.observe(time.perf_counter() - began)
            return response


class Stored(Collector):
    """Read at each scrape, so that any number of processes tells the same."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def collect(self) -> Iterator[Metric]:
        found = self._bridge.store.figures.read()
        yield _labelled("info", "The program that answers", "version", {__version__: 1})
        yield _labelled("stored", "What the database holds", "what", found.stored)
        yield _labelled("messages", "Messages not done", "state", found.messages)
        yield _labelled("jobs", "Jobs not done", "status", found.jobs)
        age = self._age(found.oldest)
        yield GaugeMetricFamily(PREFIX + "oldest_message_seconds", "Longest wait of a message", age)
        alive = self._bridge.processes.alive()
        yield _labelled("processes", "Processes that live", "kind", alive)
        yield _labelled("database_bytes", "Size of the database", "part", found.bytes)
        free = self._bridge.files.free_bytes()
        yield GaugeMetricFamily(PREFIX + "disk_free_bytes", "Left in the data folder", free)

    def _age(self, oldest: str | None) -> float:
        if oldest is None:
            return 0.0
        began = times.milliseconds(oldest) or 0
        return max(0.0, (self._bridge.clock.now_ms() - began) / 1000)


def blueprint(bridge: Bridge, requests: Requests, explain: Explain) -> Blueprint:
    page = Blueprint("metrics", __name__)
    stored = CollectorRegistry(auto_describe=False)
    stored.register(Stored(bridge))

    @page.get("/metrics")
    @open_to(Access("local", "metrics"))
    def metrics() -> Response:
        _authorise(bridge)
        text = generate_latest(stored) + generate_latest(_shared(requests))
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    page.register_error_handler(Exception, explain)
    page.after_request(_safe)
    return page


def _safe(response: Response) -> Response:
    """No CORS: a page that somebody on this machine looks at is not somebody on this machine."""
    for name, value in (*headers.SAFE.items(), ("Cache-Control", "no-store")):
        response.headers[name] = value
    return response


def _authorise(bridge: Bridge) -> None:
    """Whoever is on this machine may read it, and keys."""
    secret = guards.bearer(request)
    if secret:
        bridge.keys.authorise(secret, "metrics", guards.address(request))
    elif not guards.is_here(request):
        raise Unauthenticated


def _shared(requests: Requests) -> CollectorRegistry:
    folder = os.environ.get(SHARED)
    if not folder:
        return requests.registry
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]  # theirs has no types
    return registry


def _route() -> str:
    if request.endpoint in ("api.entry", "api.action"):
        name = str((request.view_args or {}).get("name") or request.args.get("action", ""))
        name = name.partition("?")[0]
        return f"action {name}" if name in ACTIONS else "action other"
    return request.url_rule.rule if request.url_rule else "other"


def _labelled(name: str, about: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, about, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
