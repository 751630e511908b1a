import mimetypes
import secrets
from collections.abc import Iterator
from pathlib import Path

CHUNK = 64 * 1024


class Upload:
    """One file as multipart/form-data, read from disk while it is sent; can be sent again."""

    def __init__(self, path: Path, name: str) -> None:
        boundary = secrets.token_hex(16)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._path = path
        self._head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{_quoted(name)}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.length = len(self._head) + path.stat().st_size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        with self._path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        yield self._tail


def _quoted(name: str) -> str:
    """As browsers do it: only these three would end the header field."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
