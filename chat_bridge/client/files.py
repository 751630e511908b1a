"""Files of a session, read and sent without ever holding a whole one in memory."""

import secrets
from pathlib import Path
from urllib.parse import quote

from chat_bridge.client.calls import Calls
from chat_bridge.client.transport import Answer, Request
from chat_bridge.client.upload import CHUNK, Upload
from chat_bridge.client.values import FileItem


class Files:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def list(self, session_id: str) -> list[FileItem]:
        data = self._calls.get(_path(session_id), session_id=session_id)
        return [FileItem.read(item) for item in data["files"]]

    def read(self, session_id: str, name: str) -> bytes:
        return self._calls.transport.exchange(self._download(session_id, name), Answer.read)

    def save(self, session_id: str, name: str, target: Path) -> None:
        part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")

        def write(answer: Answer) -> None:
            with part.open("wb") as file:
                while chunk := answer.read(CHUNK):
                    file.write(chunk)

        try:
            self._calls.transport.exchange(self._download(session_id, name), write)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def send(self, session_id: str, path: Path, name: str) -> FileItem:
        upload = Upload(path, name)
        headers = {
            **self._calls.headers(session_id),
            "Content-Type": upload.content_type,
            "Content-Length": str(upload.length),
            "Idempotency-Key": secrets.token_hex(16),
        }
        data = self._calls.send(Request("POST", _path(session_id), headers, upload))
        return FileItem.read(data["files"][0])

    def _download(self, session_id: str, name: str) -> Request:
        path = f"{_path(session_id)}/{quote(name, safe='')}"
        return Request("GET", path, {**self._calls.headers(session_id), "Accept": "*/*"})


def _path(session_id: str) -> str:
    return f"/api/v1/sessions/{quote(session_id, safe='')}/files"
