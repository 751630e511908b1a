import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from chat_bridge.files.contents import Contents, translated
from chat_bridge.model import Blob

ABANDONED_SECONDS = 2 * 86_400.0  # no run may last longer than a day


class FolderFiles:
    """`blobs/` holds the bytes, `workflows/` hard links to them, `work/` unfinished output. Paths
    are absolute: the children that work on them stand in a folder of their own."""

    def __init__(self, root: Path) -> None:
        root = root.absolute()
        self._root = root
        self._contents = Contents(root / "blobs")
        self._tree = root / "workflows"
        self._work = root / "work"
        for folder in (self._tree, self._work):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def add(self, stream: IO[bytes], limit: int) -> Blob:
        return self._contents.add(stream, limit)

    def adopt(self, path: Path) -> Blob:
        return self._contents.adopt(path)

    def path(self, sha256: str) -> Path:
        return self._contents.path(sha256)

    def forget(self, sha256: str) -> None:
        self._contents.forget(sha256)

    def settled(self, seconds: float) -> Iterator[str]:
        """Also tidies away what a killed worker left unfinished."""
        before = time.time() - ABANDONED_SECONDS
        for entry in os.scandir(self._work):
            if entry.is_dir() and entry.stat().st_mtime < before:
                shutil.rmtree(entry, ignore_errors=True)
        return self._contents.settled(seconds)

    def link(self, blob: Blob, folder: str, name: str) -> None:
        home = self._inside(folder)
        target = home / name
        with translated():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.unlink(missing_ok=True)
            os.link(blob.path, target)

    def unlink_tree(self, folder: str) -> None:
        shutil.rmtree(self._inside(folder), ignore_errors=True)

    def work_dir(self) -> Path:
        with translated():
            return Path(tempfile.mkdtemp(dir=self._work))

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._root).free

    def ping(self) -> None:
        with tempfile.TemporaryFile(dir=self._work) as probe:
            probe.write(b"1")

    def _inside(self, folder: str) -> Path:
        home = (self._tree / folder).resolve()
        if not home.is_relative_to(self._tree.resolve()) or home == self._tree.resolve():
            raise ValueError(f"{folder!r} leaves the tree")
        return home
