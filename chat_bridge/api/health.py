"""/api/v1/health says that the process answers, /api/v1/health/ready what it can rely on."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from chat_bridge import __version__
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import READY
from chat_bridge.api.shapes.kinds import TEXT, record
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.health import OK
from chat_bridge.errors import BridgeError, NotReady
from chat_bridge.model.access import PUBLIC, open_to


def routes(api: Blueprint, bridge: Bridge) -> None:
    @api.get("/health")
    @api.get("/api/v1/health")
    @open_to(PUBLIC)
    @shape("the process answers", data=record(service=TEXT, status=TEXT, version=TEXT))
    def live() -> Response:
        return success({"service": "chat-bridge", "status": "healthy", "version": __version__})

    @api.get("/health/ready")
    @api.get("/api/v1/health/ready")
    @open_to(PUBLIC)
    @shape("it can do its work", data=READY)
    def ready() -> Response:
        checks = dict(bridge.office.health.checks())
        processes = _processes(bridge)
        wrong = [f"{name}: {value}" for name, value in checks.items() if value != OK]
        room = _room(bridge)
        if wrong:
            raise NotReady(why="; ".join(wrong), checks=checks, processes=processes, room=room)
        versions = {"version": __version__, "sqlite_version": bridge.store.version()}
        facts = {"ready": True, "checks": checks, "processes": processes, **versions}
        return success({**facts, "room": room})


def _room(bridge: Bridge) -> Mapping[str, Any]:
    try:
        room = bridge.attachments.room
        return {**room.usage(), "warnings": room.warnings()}
    except (BridgeError, OSError):
        return {}


def _processes(bridge: Bridge) -> dict[str, int]:
    """How many of each kind live; a missing half is told and does not make this one unready."""
    try:
        return dict(bridge.processes.alive())
    except BridgeError:
        return {}
