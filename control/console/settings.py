"""/admin/settings: every setting and where it comes from; a change is looked at before it is
saved, and can be undone."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from chat_bridge.domain.configuration import OTHERS, Edit, Review
from chat_bridge.errors import BridgeError, StaleEdit
from control.console.frame import Shell
from control.console.posting import Done, once
from control.people import requires, signed_in

HOME = "/admin/settings"
VALUE, SEEN = "value.", "seen."
SOURCES = {
    "environment": "info", "bridge.yml": "info", "system_config": "good", "api keys": "good",
}  # fmt: skip


def routes(page: Blueprint, shell: Shell) -> None:
    _changes(page, shell)
    _undoing(page, shell)


def _changes(page: Blueprint, shell: Shell) -> None:
    configuration = shell.bridge.administration.configuration

    @page.get(HOME)
    @requires("admin")
    def settings() -> Response:
        return _shown(shell, {}, Review())

    @page.post(f"{HOME}/review")
    @requires("admin")
    def review_settings() -> Response:
        edits = _edits()
        review = configuration.review(edits)
        if review.stale or review.faults:
            return _shown(shell, edits, review, status=409 if review.stale else 400)
        if request.form.get("step") == "edit" or not review.changes:
            told = "" if review.changes else "Nothing is different from what is stored."
            return _shown(shell, edits, review, told=told)
        return shell.show("settings_review.html", "settings", review=review, edits=edits)

    @page.post(HOME)
    @requires("admin")
    def save_settings() -> Response:
        edits, actor = _edits(), signed_in().person.actor

        def act() -> Done:
            count = configuration.save(edits, actor)
            changed = "1 setting is" if count == 1 else f"{count} settings are"
            return Done(f"{HOME}#changes", f"{changed} saved and in effect.")

        try:
            return once(shell, act)
        except StaleEdit as error:
            return _shown(shell, edits, configuration.review(edits), status=error.status)


def _undoing(page: Blueprint, shell: Shell) -> None:
    configuration = shell.bridge.administration.configuration

    @page.get(f"{HOME}/undo/<int:number>")
    @requires("admin")
    def change_to_undo(number: int) -> Response:
        try:
            entry = configuration.to_undo(number)
        except BridgeError as error:
            return shell.show(
                "refused.html", "settings", status=error.status, error=error, back=HOME
            )
        return shell.show("settings_undo.html", "settings", entry=entry)

    @page.post(f"{HOME}/undo/<int:number>")
    @requires("admin")
    def undo_change(number: int) -> Response:
        actor = signed_in().person.actor

        def act() -> Done:
            name = configuration.undo(number, actor)
            return Done(f"{HOME}#changes", f"{name} is as it was before.")

        return once(shell, act)


def _shown(
    shell: Shell, edits: Mapping[str, Edit], review: Review, *, status: int = 200, told: str = ""
) -> Response:
    configuration = shell.bridge.administration.configuration
    groups: dict[str, list[object]] = {}
    for setting in configuration.all():
        groups.setdefault(setting.group, []).append(setting)
    others = groups.pop(OTHERS, [])
    written = {name: edit.value for name, edit in edits.items()}
    return shell.show(
        "settings.html", "settings", status=status, groups={**groups, OTHERS: others},
        others=OTHERS, written=written, review=review, told=told, looks=SOURCES,
        changes=configuration.changes(),
    )  # fmt: skip


def _edits() -> dict[str, Edit]:
    """Line ends as everybody writes them."""
    form = request.form
    return {
        name.removeprefix(VALUE): Edit(
            value.replace("\r\n", "\n"), form.get(SEEN + name.removeprefix(VALUE), "")
        )
        for name, value in form.items()
        if name.startswith(VALUE)
    }
