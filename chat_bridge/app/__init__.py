"""The composition root: every object of a process is built here and passed down."""

from pathlib import Path

from chat_bridge import config
from chat_bridge.app.services import build, open_store, prepare
from chat_bridge.app.sockets import encode
from chat_bridge.app.web import Running, web
from chat_bridge.app.work import worker
from chat_bridge.config import Settings

__all__ = ["Running", "build", "encode", "open_store", "prepare", "settings_from", "web", "worker"]


def settings_from(path: Path | None) -> Settings:
    return config.load(path)
