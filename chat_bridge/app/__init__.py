"""The composition root: every object of a process is built here and passed down.

A process imports the part it needs: `web` brings Flask and the pages, `work` the engine; commands
of the terminal and the workers run without either.
"""

import logging
from pathlib import Path

from chat_bridge import config
from chat_bridge.config import Settings
from chat_bridge.errors import BadSetting

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
