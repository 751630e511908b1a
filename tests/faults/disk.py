"""A disk of one's own, whose size can be changed while it is in use."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOMY = 2 << 30  # nothing of it is taken before it is written


@dataclass(frozen=True)
class Disk:
    folder: Path

    @property
    def used(self) -> int:
        space = os.statvfs(self.folder)
        return (space.f_blocks - space.f_bfree) * space.f_frsize

    def leave_free(self, size: int) -> None:
        """Less than a page is nothing."""
        self._resize(self.used + size)

    def make_room(self) -> None:
        self._resize(ROOMY)

    def _resize(self, size: int) -> None:
        command = ["mount", "-o", f"remount,size={size}", str(self.folder)]
        subprocess.run(command, check=True)


def may_mount() -> bool:
    """Root of this machine, not only of a container."""
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return not os.geteuid() and not subprocess.run(probe, capture_output=True).returncode


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOMY}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
