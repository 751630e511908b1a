"""What the bridge relies on and whether it can, as the shell and the overview say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.health import OK

NAMES = {
    "store": "Database",
    "files": "Files",
    "disk": "Disk space",
    "worker": "Worker",
}
KINDS = {"web": "Web", "bridge": "Bridge (the API)", "control": "Control (the pages)"}


@dataclass(frozen=True)
class Check:
    name: str
    good: bool
    reason: str


def checks(bridge: Bridge) -> Sequence[Check]:
    """Those of the overview's list, in its order."""
    found = bridge.office.health.checks().items()
    return [
        *(Check(NAMES.get(name, name), why == OK, why) for name, why in found),
        *running(bridge.processes.alive()),
    ]


def running(alive: Mapping[str, int]) -> Sequence[Check]:
    """The web processes; where they are apart, the API's and the pages' each."""
    return [
        Check(KINDS[kind], count > 0, "none lives")
        for kind, count in alive.items()
        if kind in KINDS
    ]
