"""Settings: environment over `bridge.yml` over default, into one frozen, validated value."""

from chat_bridge.config.installation import ROOT
from chat_bridge.config.kinds import KNOWN_KEYS
from chat_bridge.config.loading import PREFIX, load, read_again
from chat_bridge.config.settings import KINDS, Settings

__all__ = ["KINDS", "KNOWN_KEYS", "PREFIX", "ROOT", "Settings", "load", "read_again"]
