"""A folder that stands for a machine, on which the commands of `docs/deploy.md` are carried out."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy import stubs
from tests.servers import ADMIN_KEY, AGENT_KEY, RunningBridge, free_port

PAGE = (stubs.ROOT / "docs" / "deploy.md").read_text()
PLACES = ("/opt/", "/var/lib/chat-bridge", "/var/backups/", "/etc/chat-bridge")


def blocks(heading: str) -> list[str]:
    """The commands under one heading, in order."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


@dataclass(frozen=True)
class Machine:
    root: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        commands = self.root / "bin"
        commands.mkdir(parents=True)
        for name in stubs.COMMANDS:
            (commands / name).write_text(
                f'#!/bin/sh\nexec {sys.executable} -m tests.deploy.stubs {name} "$@"\n'
            )
            (commands / name).chmod(0o755)
        (self.root / "opt").mkdir()

    @property
    def data(self) -> Path:
        return self.root / "var/lib/chat-bridge/data"

    @property
    def bridge(self) -> RunningBridge:
        """For callers; systemd starts and ends it."""
        return RunningBridge(self.data, port=self.port)

    @property
    def journal(self) -> str:
        return (self.root / "journal.txt").read_text()

    @property
    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("CHAT_BRIDGE_")}
        return inherited | {
            "PATH": f"{self.root}/bin:{os.environ['PATH']}",
            "PYTHONPATH": str(stubs.ROOT),
            "MACHINE": str(self.root),
            "CHAT_BRIDGE_PORT": str(self.port),
            "CHAT_BRIDGE_AGENT_KEY": AGENT_KEY,
            "CHAT_BRIDGE_ADMIN_KEY": ADMIN_KEY,
            "CHAT_BRIDGE_RATE_LIMITS": "off",
        }

    def carry_out(self, block: str) -> None:
        """As an operator types it; the first command that fails ends it."""
        text = block.replace("127.0.0.1:8001", f"127.0.0.1:{self.port}")
        for place in PLACES:
            text = text.replace(place, f"{self.root}{place}")
        done = subprocess.run(
            ["bash", "-eu", "-c", text], env=self.environment, cwd=self.root,
            capture_output=True, text=True, timeout=150,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr + self.journal
