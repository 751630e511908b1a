"""Content-addressed blobs: written to a temporary name, fsynced, renamed, the folder fsynced."""

import errno
import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from chat_bridge.errors import NO_ROOM, FilesFailing, OutOfSpace, TooLarge
from chat_bridge.model import Blob

CHUNK = 1 << 20
log = logging.getLogger(__name__)


class Contents:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)

    def add(self, stream: IO[bytes], limit: int) -> Blob:
        with translated():
            return self._add(stream, limit)

    def _add(self, stream: IO[bytes], limit: int) -> Blob:
        temporary = self._incoming / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            with temporary.open("xb") as target:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(limit=f"{limit >> 20} MB")
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            return self._keep(temporary, digest.hexdigest(), size)
        finally:
            temporary.unlink(missing_ok=True)

    def adopt(self, path: Path) -> Blob:
        with translated(), path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            os.fsync(source.fileno())
            size = source.seek(0, os.SEEK_END)
            return self._keep(path, digest, size)

    def path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def forget(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def settled(self, seconds: float) -> Iterator[str]:
        """Also tidies away uploads that a crash cut short."""
        before = time.time() - seconds
        for path in self._root.glob("[0-9a-f][0-9a-f]/*"):
            if path.stat().st_mtime < before:
                yield path.name
        for path in self._incoming.iterdir():
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def _keep(self, path: Path, sha256: str, size: int) -> Blob:
        home = self.path(sha256)
        if home.exists():
            os.utime(home)  # young again: a sweep leaves it to whoever is about to name it
        else:
            home.parent.mkdir(exist_ok=True, mode=0o700)
            path.rename(home)
            sync_folder(home.parent)
        return Blob(sha256=sha256, size=size, path=home)


@contextmanager
def translated() -> Iterator[None]:
    """What a caller can do something about; other faults pass through."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise OutOfSpace from error
        if error.errno == errno.EIO:
            log.warning("the disk of the files fails: %s", error)
            raise FilesFailing from error
        raise


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
