"""What administrators arrange beside people, keys and upkeep."""

from dataclasses import dataclass

from chat_bridge.domain.configuration import Configuration
from chat_bridge.domain.roster import Roster


@dataclass(frozen=True)
class Administration:
    roster: Roster
    configuration: Configuration
