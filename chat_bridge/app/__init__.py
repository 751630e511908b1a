"""The composition root: every object of a process is built here and passed down."""

import logging
from pathlib import Path

from chat_bridge import config
from chat_bridge.app.services import (
    SETUP_CODE_FILE,
    SUSPECT_EXIT,
    build,
    forget_code,
    metrics_dir,
    open_store,
    prepare,
    quotas,
    settle,
    suspect,
)
from chat_bridge.app.sockets import encode
from chat_bridge.app.web import Running, web
from chat_bridge.app.work import worker
from chat_bridge.config import Settings
from chat_bridge.errors import BadSetting

__all__ = [
    "SETUP_CODE_FILE",
    "SUSPECT_EXIT",
    "Running",
    "build",
    "encode",
    "forget_code",
    "metrics_dir",
    "open_store",
    "prepare",
    "quotas",
    "settings_again",
    "settings_from",
    "settle",
    "suspect",
    "web",
    "worker",
]

log = logging.getLogger(__name__)


def settings_from(path: Path | None) -> Settings:
    return config.load(path)


def settings_again(first: Settings) -> Settings:
    """What a reload takes: the settings of now, but not another place to be."""
    try:
        found = config.load()
    except BadSetting as error:
        log.warning("going on with the settings of the start: %s", error)
        return first
    return found.placed_as(first)
