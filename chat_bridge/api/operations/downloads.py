"""/files/downloads/<name>: what an operation made. The name cannot be guessed."""

from pathlib import PurePosixPath

from flask import Response, send_file

from chat_bridge.api import headers
from chat_bridge.domain.bridge import Bridge

CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain",
    ".sql": "text/plain",
}


def download(bridge: Bridge, name: str) -> Response:
    file = bridge.calls.download(name)
    kind = PurePosixPath(file.shown_name).suffix.lower()
    response = send_file(
        bridge.files.path(file.sha256),
        mimetype=CONTENT_TYPES.get(kind, "application/octet-stream"),
        as_attachment=True,
        download_name=file.shown_name,
        etag=file.sha256,
        last_modified=None,
    )
    return headers.sandboxed(response)
