"""Gunicorn as we run it: threads, one hub a worker, and nothing a request does not need."""

import gc
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client import multiprocess

from chat_bridge.api.unparsed import refusal
from chat_bridge.app import services, settings_again, settings_from
from chat_bridge.app.web import web
from chat_bridge.errors import BadSetting
from chat_bridge.push.gthread import ReadyThreadWorker
from chat_bridge.push.handover import access, asked, log_access

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

YOUNG_OBJECTS = 20_000  # a request makes a few hundred, nearly all gone when it ends
SWITCH_INTERVAL = 0.0005  # the default of 5 ms doubles the time to a push under load
SHARED = "PROMETHEUS_MULTIPROC_DIR"
SHARED_MEMORY = Path("/dev/shm")
PAST_SERVER = frozenset({"certfile", "keyfile"})


class Running(Protocol):
    """What lives beside the application in a worker process."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


REQUEST_ID = "X-Request-Id"
Factory = Callable[[], tuple["WSGIApplication", Running]]


@dataclass(frozen=True)
class Listening:
    """`sockets` is how many waiting connections one process may hold; `more` are further gunicorn
    settings."""

    host: str = "127.0.0.1"
    port: int = 8001
    workers: int = 2
    threads: int = 16
    sockets: int = 5_000
    connections: int = 1_000
    more: tuple[tuple[str, Any], ...] = ()


class Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Everything goes through the program's own logging."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: dict[str, Any], took: timedelta) -> None:
        if not access.isEnabledFor(logging.INFO):
            return
        names = ("REMOTE_ADDR", "REQUEST_METHOD", "RAW_URI")
        log_access(
            asked(*(environ.get(name, "-") for name in names)),
            int(str(resp.status)[:3]),
            resp.sent,
            seconds=took.total_seconds(),
            request_id=next((text for name, text in resp.headers if name == REQUEST_ID), None),
        )


class Refused:
    """The connection of something that is no HTTP: gunicorn would tell it so in a page."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sendall(self, page: bytes) -> None:
        self._client.sendall(refusal(int(page.split(maxsplit=2)[1])))


class Worker(ReadyThreadWorker):
    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        super().handle_error(req, Refused(client), addr, exc)

    def too_slow(self) -> bytes:
        return refusal(HTTPStatus.REQUEST_TIMEOUT)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, factory: Factory, listening: Listening) -> None:
        self.factory = factory
        self.listening = listening
        self.running: Running | None = None
        super().__init__()

    def load_config(self) -> None:
        given = self.listening
        settings = {
            "bind": f"{given.host}:{given.port}",
            "worker_class": Worker,
            "workers": given.workers,
            "threads": given.threads,
            "worker_connections": given.connections,
            "keepalive": 65,
            "timeout": 60,
            "graceful_timeout": 30,
            "max_requests": 0,
            "preload_app": False,
            "control_socket_disable": True,
            "limit_request_line": 8190,
            "limit_request_fields": 100,
            "limit_request_field_size": 8190,
            "forwarded_allow_ips": "",  # how many proxies to believe is the application's setting
            "worker_tmp_dir": str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None,
            "logger_class": Log,
            "worker_exit": self.stopped,
            "child_exit": gone,
        } | dict(given.more)
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        """In the worker, after the fork."""
        sys.setswitchinterval(SWITCH_INTERVAL)
        application, self.running = self.factory()
        self.running.start()
        gc.collect()
        gc.freeze()  # what was built once is not looked through again at every collection
        gc.set_threshold(YOUNG_OBJECTS, 20, 20)
        return application

    def stopped(self, server: Any, worker: Any) -> None:
        if self.running is not None:
            self.running.stop()


def gone(server: Any, worker: Any) -> None:
    """In the master, however the process ended: what it held is nobody's any more."""
    if SHARED in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # theirs has no types


def serve(factory: Factory, listening: Listening) -> None:
    """Runs until it is told to stop. `factory` is called once in each worker process."""
    for name in PAST_SERVER & dict(listening.more).keys():
        raise BadSetting(
            source="server", key=name, reason="TLS is the proxy's: the hub would bypass it"
        )
    _raise_open_files(2 * (listening.sockets + listening.connections) + 200)
    Server(factory, listening).run()


def _raise_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def main() -> None:
    """The web processes, with the settings of the environment; `chat-bridge serve` ends up here."""
    kind = sys.argv[2] if sys.argv[1:2] == ["--only"] else "web"
    settings = settings_from(None)
    listening = Listening(
        settings.host,
        settings.port,
        workers=settings.web_workers,
        threads=settings.web_threads,
        sockets=settings.max_sockets,
    )
    master = os.getpid()
    try:
        leave = partial(end, master)
        serve(lambda: web(settings_again(settings), kind, leave=leave), listening)
    finally:
        if os.getpid() == master and services.suspect(settings):
            sys.exit(services.SUSPECT_EXIT)


def end(master: int) -> None:
    """In a worker: the whole server ends in order, the requests under way first. Without its
    master the worker ends by itself, and its new parent is somebody else."""
    if os.getppid() == master:
        os.kill(master, signal.SIGTERM)


if __name__ == "__main__":
    main()
