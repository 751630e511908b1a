"""/api/v1/health says that the process answers, /api/v1/health/ready what it can rely on."""

from collections.abc import Callable

from flask import Blueprint, Response

from chat_bridge import __version__
from chat_bridge.api.envelope import success
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import BridgeError, NotReady

LOW_SPACE = 512 << 20


def routes(api: Blueprint, bridge: Bridge) -> None:
    @api.get("/api/v1/health")
    def live() -> Response:
        return success({"service": "chat-bridge", "status": "healthy", "version": __version__})

    @api.get("/api/v1/health/ready")
    def ready() -> Response:
        checks = {
            "store": _works(bridge.store.ping),
            "files": _works(bridge.files.ping),
            "disk": "ok" if bridge.files.free_bytes() > LOW_SPACE else "low on space",
            "worker": _worker(bridge),
        }
        processes = _processes(bridge)
        wrong = [f"{name}: {value}" for name, value in checks.items() if value != "ok"]
        if wrong:
            raise NotReady(why="; ".join(wrong), checks=checks, processes=processes)
        versions = {"version": __version__, "sqlite_version": bridge.store.version()}
        return success({"ready": True, "checks": checks, "processes": processes, **versions})


def _works(ping: Callable[[], None]) -> str:
    try:
        ping()
    except BridgeError as error:
        return error.message
    except OSError as error:
        return error.strerror or "failed"  # not the path: anybody may ask
    return "ok"


def _processes(bridge: Bridge) -> dict[str, int]:
    """How many of each kind live; a missing half is told and does not make this one unready."""
    try:
        return dict(bridge.processes.alive())
    except BridgeError:
        return {}


def _worker(bridge: Bridge) -> str:
    clock = bridge.clock
    alive = bridge.store.jobs.live_workers(clock.boot_ms(), clock.boot_id())
    return "ok" if alive else "no worker lives; commands wait"
