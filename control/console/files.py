"""/admin/files: what visitors uploaded and jobs made."""

from flask import Blueprint, Response, request, send_file

from chat_bridge.errors import FileNotFound
from chat_bridge.ports import FileFilter
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.people_shown import called
from control.people import requires, signed_in

FILTERS = ("q", "kind", "session")
KINDS = ("upload", "output")


def routes(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.get("/admin/files")
    @requires("viewer")
    def files() -> Response:
        query = Query("/admin/files", request.args, FILTERS)
        place = query.place()
        wanted = FileFilter(
            before=int(place[0]) if place else None,
            kind=query.choice("kind", KINDS),
            words=query.like("q"),
            session_id=query.text("session"),
            limit=PAGE + 1,
        )
        count, size = bridge.store.records.files_in_all()
        return shell.show(
            "files.html", "files", count=count, size=size, free=bridge.files.free_bytes(),
            list=listing(query, bridge.store.records.files(wanted), lambda row: (row.id,)),
            called=lambda row: called(None, row.title, row.uid),
        )  # fmt: skip

    @page.get("/admin/files/<int:number>")
    @requires("operator")
    def download_file(number: int) -> Response:
        """What a visitor sent is read by name only: that somebody did is written down."""
        found = bridge.store.records.file(number)
        if found is None:
            raise FileNotFound(name=str(number))
        file = bridge.attachments.find(*found)
        path = bridge.attachments.path(file)
        if not path.is_file():
            raise FileNotFound(name=file.name)
        bridge.audit.write(signed_in().person.actor, "file.read", subject=f"{found[0]}/{file.name}")
        response = send_file(
            path, mimetype="application/octet-stream", as_attachment=True, download_name=file.name
        )
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response
