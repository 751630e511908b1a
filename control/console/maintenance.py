"""/admin/maintenance: tidying up, clearing everything, copies of the database."""

from flask import Blueprint, Response, request, send_file

from chat_bridge.domain.sizes import as_size
from chat_bridge.errors import FormIncomplete
from control.console.frame import Shell
from control.console.posting import Done, once
from control.people import requires, signed_in

HOME = "/admin/maintenance"
CONFIRMED = "clear all data"


def routes(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.get(HOME)
    @requires("admin")
    def maintenance() -> Response:
        return shell.show(
            "maintenance.html", "maintenance", snapshots=bridge.snapshots.all(),
            counted=bridge.store.sessions.count_everything(), confirmed=CONFIRMED,
            log_bytes=sum(log.stat().st_size for log in bridge.door.logs.glob("*.log*")),
            free=bridge.files.free_bytes(),
        )  # fmt: skip

    @page.get(f"{HOME}/snapshots/<name>")
    @requires("admin")
    def download_snapshot(name: str) -> Response:
        path = bridge.snapshots.path(name)
        bridge.audit.write(signed_in().person.actor, "snapshot.read", subject=name)
        return send_file(path, mimetype="application/octet-stream", as_attachment=True)

    _tidying(page, shell)
    _copies(page, shell)


def _tidying(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.post(f"{HOME}/cleanup")
    @requires("admin")
    def clean_up() -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            count = bridge.tidying.expire_idle(actor)
            return Done(HOME, f"{_sessions(count)} marked as expired.")

        return once(shell, act)

    @page.post(f"{HOME}/clear-data")
    @requires("admin")
    def clear_data() -> Response:
        actor = signed_in().person.actor
        if request.form.get("confirm", "").strip().lower() != CONFIRMED:
            raise FormIncomplete(reason=f"Type “{CONFIRMED}” to clear all data.")

        def act() -> Done:
            before, _ = bridge.tidying.erase_everything(actor)
            told = ", ".join(f"{count:,} {noun}" for noun, count in before.items())
            return Done(HOME, f"Erased: {told}.")

        return once(shell, act, apart=True)

    @page.post(f"{HOME}/cleanup-logs")
    @requires("admin")
    def clean_up_logs() -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            sizes = bridge.tidying.clean_up_logs(actor)
            return Done(HOME, f"Logs take {as_size(sizes.total)} now.")

        return once(shell, act, apart=True)


def _copies(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.post(f"{HOME}/snapshots")
    @requires("admin")
    def take_snapshot() -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            taken = bridge.snapshots.take(actor)
            return Done(HOME, f"{taken.name} was made and read back whole.")

        return once(shell, act, apart=True)

    @page.post(f"{HOME}/snapshots/<name>/delete")
    @requires("admin")
    def delete_snapshot(name: str) -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            bridge.snapshots.forget(actor, name)
            return Done(HOME, f"{name} is deleted.")

        return once(shell, act, apart=True)


def _sessions(count: int) -> str:
    return "1 session was" if count == 1 else f"{count:,} sessions were"
