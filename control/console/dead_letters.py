"""/admin/dead-letters: what was given up, by reason; tried again or laid aside."""

from dataclasses import asdict
from typing import cast

from flask import Blueprint, Response, request

from chat_bridge.errors import FormIncomplete
from chat_bridge.model import LetterKind
from control.console.downloads import lines
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.posting import Done, once, text
from control.people import requires, signed_in

HOME = "/admin/dead-letters"
KINDS = ("message", "job")
LONGEST_WHY = 500
MOST_AT_ONCE = 200


def routes(page: Blueprint, shell: Shell) -> None:
    letters = shell.bridge.dead_letters

    @page.get(HOME)
    @requires("viewer")
    def dead_letters() -> Response:
        return shell.show("dead_letters.html", "dead-letters", groups=letters.groups())

    @page.get(f"{HOME}/aside")
    @requires("viewer")
    def laid_aside() -> Response:
        return shell.show("dead_aside.html", "dead-letters", letters=letters.discarded())

    @page.get(f"{HOME}/<any(message, job):kind>")
    @requires("viewer")
    def dead_group(kind: LetterKind) -> Response:
        query = Query(f"{HOME}/{kind}", request.args, ())
        place = query.place()
        reason = request.args.get("reason", "")
        after = int(place[0]) if place else 0
        found = letters.letters(kind, reason, after=after, limit=PAGE + 1)
        shown = listing(query, found, lambda row: (row.id,))
        return shell.show("dead_group.html", "dead-letters", list=shown, kind=kind, reason=reason)

    @page.get(f"{HOME}/<any(message, job):kind>/export")
    @requires("operator")
    def export_letters(kind: LetterKind) -> Response:
        """Of one reason, to find out what was wrong with them."""
        reason = request.args.get("reason", "")
        actor = signed_in().person.actor
        shell.bridge.audit.write(actor, "dead letter export", subject=reason or "no reason")
        rows = (asdict(letter) for letter in letters.every(kind, reason))
        return lines(f"dead-{kind}s.jsonl", rows)

    _acts(page, shell)


def _acts(page: Blueprint, shell: Shell) -> None:
    letters = shell.bridge.dead_letters

    @page.post(f"{HOME}/retry")
    @requires("operator")
    def retry_letters() -> Response:
        kind, actor = _kind(), signed_in().person.actor
        if _all():
            reason = request.form.get("reason", "")
            return once(shell, lambda: _retried(letters.retry_all(actor, kind, reason)), apart=True)
        ids = _chosen()
        return once(shell, lambda: _retried(letters.retry(actor, kind, ids)))

    @page.post(f"{HOME}/discard")
    @requires("operator")
    def discard_letters() -> Response:
        kind, actor = _kind(), signed_in().person.actor
        why = text("why", most=LONGEST_WHY, what="The reason")
        if _all():
            reason = request.form.get("reason", "")
            return once(
                shell, lambda: _aside(letters.discard_all(actor, kind, reason, why)), apart=True
            )
        ids = _chosen()
        return once(shell, lambda: _aside(letters.discard(actor, kind, ids, why)))

    @page.post(f"{HOME}/restore")
    @requires("operator")
    def restore_letters() -> Response:
        kind, actor, ids = _kind(), signed_in().person.actor, _chosen()

        def act() -> Done:
            letters.restore(actor, kind, ids)
            return Done(HOME, "It is among the dead letters again.")

        return once(shell, act)


def _kind() -> LetterKind:
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise FormIncomplete(reason="This form does not say what it is about: open the page again.")
    return cast(LetterKind, kind)


def _all() -> bool:
    return request.form.get("which") == "all"


def _chosen() -> list[int]:
    given = request.form.getlist("id")
    ids = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]
    if not ids or len(ids) != len(given) or len(ids) > MOST_AT_ONCE:
        raise FormIncomplete(reason="Choose at least one letter of the list.")
    return ids


def _retried(count: int) -> Done:
    return Done(HOME, f"{_letters(count)} tried again.")


def _aside(count: int) -> Done:
    return Done(HOME, f"{_letters(count)} laid aside.")


def _letters(count: int) -> str:
    return "1 letter is" if count == 1 else f"{count:,} letters are"
