"""Every form of the console and of one's own account, from the URL map: each leaves an entry of who
did what, with what was there before or is there now. A new form without a line here fails."""

from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask

from chat_bridge.model import Visitor
from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import Clerk, shown_secret
from tests.control.console.test_administration import FIELDS, MONDAY
from tests.control.console.test_records import kill
from tests.control.console.test_settings_page import change

TALK, RECORD, DEAD, CANNED = (f"/admin/{area}" for area in (
    f"inbox/{ADAS_CHAT}", f"sessions/{ADAS_CHAT}", "dead-letters", "canned-replies"))  # fmt: skip
USERS, KEYS, AGENTS, SETTINGS, CARE = (
    f"/admin/{area}" for area in ("users", "keys", "agents", "settings", "maintenance")
)
INBOX, VIEWS = "/admin/inbox", "/admin/inbox-views"
CHANGES_NOTHING = {
    "/admin/inbox/<session_id>/touch": "says that its operator is still there",
    "/admin/settings/review": "shows the difference",
    "/admin/audit/verify": "reads",
}
REDACT = "/admin/sessions/<session_id>/<any(message, response, note):kind>/<int:number>/redact"
BEGINS = {"/login", "/setup"}  # nobody is signed in yet: tests/domain has their entries
NUMBERS = count(1)
Act = Callable[[Clerk, House], object]


def asked(house: House) -> None:
    house.say("Where is order 12?")


def talked(page: str, act: str, **more: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        asked(house)
        if act in ("hand-back", "resolve"):
            anton.does(TALK, f"{TALK}/claim")
        return anton.does(page, f"{page}/{act}", **more)

    return do


def viewed(*acts: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        told = anton.does(f"{INBOX}?tag=refund", VIEWS, name="Refunds", tab="all")
        return anton.does(INBOX, f"{VIEWS}/1/remove") if acts else told

    return do


def in_turn(*acts: str, **more: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        asked(house)
        return [anton.does(TALK, f"{TALK}/{act}", **more) for act in acts]

    return do


def reopened(anton: Clerk, house: House) -> object:
    talked(RECORD, "close")(anton, house)
    return anton.does(RECORD, f"{RECORD}/reopen")


def canned(*acts: tuple[str, str], **more: str) -> Act:
    """Pages, and what is done there to the one reply there is."""

    def do(anton: Clerk, house: House) -> object:
        told = anton.does(f"{CANNED}/new", CANNED, shortcut="hours", body="We open at nine.")
        for place, act in acts:
            told = anton.does(f"{CANNED}{place}", f"{CANNED}/1{act}", **more)
        return told

    return do


def resent(anton: Clerk, house: House) -> object:
    talked(TALK, "say", text="It leaves today.", mode="reply", then="stay")(anton, house)
    return anton.does("/admin/outbox", "/admin/outbox/1/resend", session_id=ADAS_CHAT)


def chosen(anton: Clerk, house: House) -> object:
    asked(house)
    page = f"/admin/sessions/chosen?act=close&id={ADAS_CHAT}"
    return anton.does(page, "/admin/sessions/chosen")


def redacted(anton: Clerk, house: House) -> object:
    asked(house)
    page = f"{RECORD}/message/1/redact"
    return anton.does(page, page)


def worked(*acts: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        job = house.say("/search city=Berlin").message.job_id
        return [anton.does(f"/admin/jobs/{job}", f"/admin/jobs/{job}/{act}") for act in acts]

    return do


def hurried(anton: Clerk, house: House) -> object:
    page = f"/admin/jobs/{house.say('/search city=Berlin').message.job_id}"
    return anton.does(page, f"{page}/priority", place="ahead")


def lettered(act: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        asked(house)
        (letter, *_) = kill(house)
        form = anton.form(f"{DEAD}/message?reason=no+such+order", f"{DEAD}/retry")
        first = "discard" if act == "restore" else act
        told = anton.sends(f"{DEAD}/{first}", form, id=str(letter), which="", why="advertising")
        return anton.does(f"{DEAD}/aside", f"{DEAD}/restore") if act == "restore" else told

    return do


def of_mary(act: str, **more: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        mary, _ = house.accounts.add(f"mary{next(NUMBERS)}", "user", "test")
        for _ in range(2):
            house.logins.begin(mary, Visitor(ip="192.0.2.7"))
        if act == "activate":
            house.accounts.deactivate(mary.id, "test")
        page = f"{USERS}/{mary.id}"
        if act == "revoke":
            return anton.does(page, f"{page}/sessions/{house.logins.of_person(mary)[0].id}/revoke")
        fields = {"username": mary.username, "email": "", **more} if not act else {}
        return anton.does(page, f"{page}/{act}".rstrip("/"), **fields)

    return do


def keyed(act: str, **more: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        made = anton.does(f"{KEYS}/new", KEYS, **FIELDS)
        page = f"{KEYS}/{shown_secret(made.text)[:11]}"
        return anton.does(page, f"{page}/{act}", **more)

    return do


def of_monday(act: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        anton.does(f"{AGENTS}/new", AGENTS, **MONDAY)
        page = f"{AGENTS}/monday"
        fields = {} if act else {"name": "Tuesday", "description": "", "status": "inactive"}
        return anton.does(page, f"{page}/{act}".rstrip("/"), **fields)

    return do


def undone(anton: Clerk, house: House) -> object:
    change(anton, session_timeout="7200")
    undo = f"{SETTINGS}/undo/{list(house.audit.entries())[-1].id}"
    return anton.does(undo, undo)


def snapped(anton: Clerk, house: House) -> object:
    anton.does(CARE, f"{CARE}/snapshots")
    (taken,) = house.snapshots.all()
    return anton.does(CARE, f"{CARE}/snapshots/{taken.name}/delete")


def cared(act: str, **more: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        asked(house)
        return anton.does(CARE, f"{CARE}/{act}", **more)

    return do


def tidied(anton: Clerk, house: House) -> object:
    change(anton, session_timeout="600")
    asked(house)
    house.clock.pass_seconds(601)
    told = anton.does(CARE, f"{CARE}/cleanup")
    assert list(house.audit.entries())[-1].action == "cleanup"
    return told


def ones_own(act: str, **more: str) -> Act:
    def do(anton: Clerk, house: House) -> object:
        (here,) = house.logins.of_person(anton.person)
        house.logins.begin(anton.person, Visitor(ip="192.0.2.7"))
        others = [one.id for one in house.logins.of_person(anton.person) if one.id != here.id]
        return anton.does("/account", f"/account/{act.format(*others)}", **more)

    return do


NEW = {"username": "audrey", "email": "", "role": "viewer"}
WORDS = {"mode": "reply", "then": "stay", "text": "It leaves today."}
PASSWORDS = {
    "old_password": "blue horses at dawn", "new_password": "red tractors at noon",
    "new_password_again": "red tractors at noon",
}  # fmt: skip
ACTS: dict[str, Act] = {
    "/account/password": ones_own("password", **PASSWORDS),
    "/account/sessions/<login_id>/revoke": ones_own("sessions/{}/revoke"),
    "/account/sign-out-everywhere": ones_own("sign-out-everywhere"),
    "/logout": lambda anton, house: anton.does("/account", "/logout"),
    "/admin/inbox/<session_id>/claim": talked(TALK, "claim"),
    "/admin/inbox/<session_id>/say": talked(TALK, "say", **WORDS),
    "/admin/inbox/<session_id>/hand-back": talked(TALK, "hand-back"),
    "/admin/inbox/<session_id>/resolve": talked(TALK, "resolve"),
    "/admin/inbox/<session_id>/reopen": in_turn("resolve", "reopen"),
    "/admin/inbox/<session_id>/tag": talked(TALK, "tag", tag="Refund"),
    "/admin/inbox/<session_id>/untag": in_turn("tag", "untag", tag="refund"),
    "/admin/inbox-views": viewed(),
    "/admin/inbox-views/<int:number>/remove": viewed("remove"),
    "/admin/inbox/<session_id>/snooze": in_turn("snooze", hours="24"),
    "/admin/inbox/<session_id>/wake": in_turn("snooze", "wake", hours="24"),
    CANNED: canned(),
    "/admin/canned-replies/<int:number>": canned(("/1", ""), body="We open at ten."),
    "/admin/canned-replies/<int:number>/remove": canned(("", "/remove")),
    "/admin/canned-replies/<int:number>/restore": canned(
        ("", "/remove"), ("?state=removed", "/restore")
    ),
    "/admin/sessions/<session_id>/close": talked(RECORD, "close"),
    "/admin/sessions/<session_id>/reopen": reopened,
    "/admin/sessions/<session_id>/delete": talked(RECORD, "delete"),
    REDACT: redacted,
    "/admin/sessions/chosen": chosen,
    "/admin/outbox/<int:response_id>/resend": resent,
    "/admin/jobs/<job_id>/cancel": worked("cancel"),
    "/admin/jobs/<job_id>/retry": worked("cancel", "retry"),
    "/admin/jobs/<job_id>/priority": hurried,
    "/admin/dead-letters/retry": lettered("retry"),
    "/admin/dead-letters/discard": lettered("discard"),
    "/admin/dead-letters/restore": lettered("restore"),
    USERS: lambda anton, house: anton.does(f"{USERS}/new", USERS, **NEW),
    "/admin/users/<int:user_id>": of_mary("", role="viewer"),
    "/admin/users/<int:user_id>/activate": of_mary("activate"),
    "/admin/users/<int:user_id>/deactivate": of_mary("deactivate"),
    "/admin/users/<int:user_id>/password": of_mary("password"),
    "/admin/users/<int:user_id>/unlock": of_mary("unlock"),
    "/admin/users/<int:user_id>/sessions/<login_id>/revoke": of_mary("revoke"),
    "/admin/users/<int:user_id>/sign-out": of_mary("sign-out"),
    AGENTS: lambda anton, house: anton.does(f"{AGENTS}/new", AGENTS, **MONDAY),
    "/admin/agents/<slug>": of_monday(""),
    "/admin/agents/<slug>/remove": of_monday("remove"),
    KEYS: lambda anton, house: anton.does(f"{KEYS}/new", KEYS, **FIELDS),
    "/admin/keys/<prefix>/rotate": keyed("rotate", hours="2"),
    "/admin/keys/<prefix>/revoke": keyed("revoke"),
    SETTINGS: lambda anton, house: change(anton, session_timeout="7200"),
    "/admin/settings/undo/<int:number>": undone,
    "/admin/maintenance/cleanup": tidied,
    "/admin/maintenance/clear-data": cared("clear-data", confirm="Clear all data"),
    "/admin/maintenance/cleanup-logs": cared("cleanup-logs"),
    "/admin/maintenance/snapshots": cared("snapshots"),
    "/admin/maintenance/snapshots/<name>/delete": snapped,
}
SAYS = {  # what was done, what was before and what is now
    "/account/password": ("password change", "", ""),
    "/admin/sessions/<session_id>/close": ("session.close", "active", "ended"),
    "/admin/sessions/chosen": ("session.close", "active", "ended"),
    REDACT: ("message.redact", "message 1, 18 characters", "text removed"),
    "/admin/inbox/<session_id>/reopen": ("conversation.reopen", "resolved", "1 waiting"),
    "/admin/inbox/<session_id>/tag": ("conversation.tag", "", "refund"),
    "/admin/inbox/<session_id>/untag": ("conversation.tag", "refund", ""),
    "/admin/inbox-views": ("inbox view", "", "tab=all&tag=refund"),
    "/admin/inbox-views/<int:number>/remove": ("inbox view", "tab=all&tag=refund", ""),
    "/admin/jobs/<job_id>/cancel": ("job.cancel", "pending", "cancelled"),
    "/admin/jobs/<job_id>/retry": ("job.retry", "cancelled", "pending"),
    "/admin/jobs/<job_id>/priority": ("job.priority", "in turn", "ahead"),
    "/admin/users/<int:user_id>": ("user change", "user", "viewer"),
    "/admin/users/<int:user_id>/deactivate": ("user change", "True", "False"),
    "/admin/agents/<slug>": ("agent change", "active", "inactive"),
    "/admin/keys/<prefix>/revoke": ("key revoke", "live", "revoked"),
    SETTINGS: ("config", "", "7200"),
    "/admin/settings/undo/<int:number>": ("config", "7200", ""),
}


def test_every_form_is_known(app: Flask) -> None:
    forms = {
        rule.rule for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "csp" not in rule.rule
    }  # fmt: skip
    assert forms - CHANGES_NOTHING.keys() - BEGINS == ACTS.keys()


@pytest.mark.parametrize("rule", ACTS)
def test_it_leaves_an_entry(anton: Clerk, house: House, rule: str) -> None:
    before = len(list(house.audit.entries()))
    done = ACTS[rule](anton, house)
    assert getattr(done, "status_code", 303) in (200, 302, 303)
    entries = list(house.audit.entries())[before:]
    told = [one for one in entries if one.actor == "user anton" and one.subject]
    assert told
    if rule in SAYS:
        assert SAYS[rule] in [(one.action, one.before or "", one.after or "") for one in told]
