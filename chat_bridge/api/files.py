"""/api/v1/sessions/<id>/files: attachments of a conversation, up and down."""

from pathlib import PurePosixPath

from flask import Blueprint, Response, request, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from chat_bridge.api import guards, headers, parse
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import FILE, PREVIEW
from chat_bridge.api.shapes.kinds import many, number, record
from chat_bridge.domain import items
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.items import Item
from chat_bridge.errors import BridgeError, FileGone, MissingFields, TooLarge
from chat_bridge.model import Attachment, Blob, Limits, Session
from chat_bridge.model.access import open_to, visitor
from chat_bridge.workflow.tables import guard

MOST_FILES = 20
FORM_BYTES = 1 << 20


def routes(api: Blueprint, bridge: Bridge) -> None:
    @api.post("/api/v1/sessions/<session_id>/files")
    @open_to(visitor("files"))
    @shape(
        "attaches files to a conversation, all or none",
        form=record(file=many({"type": "string", "format": "binary"})),
        data=record(files=many(FILE)),
    )
    def upload(session_id: str) -> Response:
        session, uploader = _uploader(bridge, session_id)
        links = guards.links(bridge, request)
        received = _receive(bridge, session, _parts(bridge), uploader)
        return success({"files": [items.file_item(file, links) for file in received]})

    @api.get("/api/v1/sessions/<session_id>/files")
    @open_to(visitor("files"))
    @shape("the files of a conversation", data=record(files=many(FILE)))
    def list_files(session_id: str) -> Response:
        session = guards.session(bridge, request, session_id, "files")
        links = guards.links(bridge, request)
        found = bridge.attachments.of_session(session.session_id)
        return success({"files": [items.file_item(file, links) for file in found]})

    @api.get("/api/v1/sessions/<session_id>/files/<name>")
    @open_to(visitor("files"))
    @shape("the bytes of a file", files=("*/*",))
    def download(session_id: str, name: str) -> Response:
        session = guards.session(bridge, request, session_id, "files")
        return send(bridge, bridge.attachments.find(session.session_id, name))

    @api.get("/api/v1/sessions/<session_id>/files/<name>/preview")
    @open_to(visitor("files"))
    @shape("columns and first rows", query={"rows": number(1, 100, 20)}, data=PREVIEW)
    def preview(session_id: str, name: str) -> Response:
        session = guards.session(bridge, request, session_id, "files")
        file = bridge.attachments.find(session.session_id, name)
        rows = parse.whole(parse.query(request), "rows", 20, low=1, high=100)
        return success(_preview(file, rows))


def _uploader(bridge: Bridge, session_id: str) -> tuple[Session, str | None]:
    """The session, and the key whose quota counts, if it is one that uploads."""
    if not guards.bearer(request):
        return guards.session(bridge, request, session_id, "files"), None
    holder = guards.key(bridge, request, "files")
    return guards.for_key(bridge, holder, session_id), f"key:{holder.id}"


def _parts(bridge: Bridge) -> list[FileStorage]:
    request.max_content_length = bridge.door.max_upload_bytes + FORM_BYTES
    try:
        parts = [part for part in request.files.getlist("file") if part.filename]
    except RequestEntityTooLarge as error:
        raise TooLarge(limit=f"{bridge.door.max_upload_bytes >> 20} MB") from error
    if not parts or len(parts) > MOST_FILES:
        raise MissingFields(f"Send one to {MOST_FILES} files in the field 'file'.")
    return parts


def _receive(
    bridge: Bridge, session: Session, parts: list[FileStorage], uploader: str | None
) -> list[Attachment]:
    """All of them or none: one that is refused leaves nothing of the others behind."""
    blobs: list[Blob] = []
    key = parse.idempotency_key(request)
    try:
        for part in parts:
            blobs.append(bridge.attachments.receive(part.stream))
            guard.check_upload(blobs[-1].path, _last_part(part.filename or ""), Limits())
        with bridge.store.write():
            return [
                bridge.attachments.attach(
                    session,
                    blob,
                    part.filename or "",
                    f"{number}:{key}" if key else None,
                    uploader=uploader,
                )
                for number, (blob, part) in enumerate(zip(blobs, parts, strict=True))
            ]
    except BridgeError:
        for blob in blobs:
            bridge.attachments.discard(blob.sha256)
        raise


def _last_part(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def send(bridge: Bridge, file: Attachment) -> Response:
    """Always an attachment, never a page of ours."""
    try:
        response = send_file(
            bridge.attachments.path(file),
            mimetype=file.content_type,
            as_attachment=True,
            download_name=file.name,
            etag=file.sha256,
            last_modified=None,
        )
    except FileNotFoundError as error:
        raise FileGone(name=file.name) from error
    return headers.sandboxed(response)


def _preview(file: Attachment, rows: int) -> Item:
    """Nulls until the worker has looked at the file."""
    known = file.preview or {}
    return {
        "name": file.name,
        "columns": None if file.preview is None else known.get("columns"),
        "rows": None if file.preview is None else list(known.get("rows", []))[:rows],
        "total_rows": file.rows,
        "error": file.error,
        "error_code": file.error_code,
    }
