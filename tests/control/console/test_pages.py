"""The console's pages as a browser without JavaScript gets them."""

from collections.abc import Callable

import pytest
from flask import Flask

from chat_bridge.domain.processes import Processes
from chat_bridge.model import NewResponse
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, texts
from tests.control.console.clerk import Clerk, words

TALK = f"/admin/inbox/{ADAS_CHAT}"
RECORD = f"/admin/sessions/{ADAS_CHAT}"
LISTS = ("/admin/", "/admin/inbox", "/admin/sessions", "/admin/outbox")
FORM_IN_PLACE = "/admin/"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.mark.parametrize("path", [*LISTS, TALK, RECORD])
def test_a_page_is_for_those_who_may_read_it(
    app: Flask, house: House, hire: Callable[..., Clerk], path: str
) -> None:
    house.say("Hello")
    asked = app.test_client().get(path)
    if path == FORM_IN_PLACE:
        assert (asked.status_code, 'name="password"' in asked.text) == (200, True)
        assert "Longest wait" not in asked.text
    else:
        assert asked.location.startswith("/login?next=")
    assert hire("uma", "user").opens(path).status_code == 403
    shown = hire("vera", "viewer").opens(path)
    assert shown.status_code == 200
    assert "Content-Security-Policy" in shown.headers
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_says_so(ana: Clerk, path: str) -> None:
    assert ana.opens(path).status_code == 200


def test_admin_leads_to_the_overview(ana: Clerk) -> None:
    assert ana.opens("/admin").status_code in (200, 308)


@pytest.mark.parametrize("path", ["inbox", "sessions"])
def test_an_unknown_session_is_not_found(ana: Clerk, path: str) -> None:
    found = ana.opens(f"/admin/{path}/session_nobody")
    assert found.status_code == 404
    assert "Session not found" in found.text


def test_an_act_on_what_is_not_there_is_not_found(ana: Clerk, house: House) -> None:
    house.say("Hello")
    form = ana.form(TALK, f"{TALK}/claim")
    for act in ("claim", "say", "resolve", "hand-back", "touch"):
        sent = ana.sends(f"/admin/inbox/session_nobody/{act}", form, text="x", seen="0")
        assert sent.status_code == 404
    assert ana.sends("/admin/sessions/session_nobody/delete", form).status_code == 404
    assert ana.sends("/admin/outbox/99/resend", form).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/admin/sessions?status=open", "/admin/sessions?agent=x", "/admin/sessions?after=1",
     "/admin/sessions?q=" + "x" * 101, "/admin/inbox?tab=theirs", "/admin/inbox?after=x",
     "/admin/outbox?kind=mail", "/admin/outbox?after=1~2", f"{RECORD}?before=yesterday",
     f"{RECORD}/export?format=exe"],
)  # fmt: skip
def test_a_wrong_parameter_is_told(ana: Clerk, house: House, path: str) -> None:
    house.say("Hello")
    found = ana.opens(path)
    assert found.status_code == 400
    assert "is not valid" in found.text


def test_whatever_visitors_write_is_text(ana: Clerk, house: House) -> None:
    house.say(HOSTILE)
    house.reply(house.key(), HOSTILE)
    house.office.desk.note(ADAS_CHAT, ana.person, HOSTILE)
    for path in (*LISTS, TALK, RECORD, f"{RECORD}?raw=1"):
        assert "<script>alert" not in ana.opens(path).text
        assert "<img src=x" not in ana.opens(path).text


def test_a_list_goes_on_by_key(ana: Clerk, house: House) -> None:
    for number in range(60):
        house.say("hello", f"session_{number:02}", GRACE)
    first = ana.opens("/admin/inbox")
    assert first.text.count("<li data-session") == 50
    onward = first.text.split('rel="next" href="')[1].split('"')[0]
    assert ana.opens(onward).text.count("<li data-session") == 10
    sessions = ana.opens("/admin/sessions")
    onward = sessions.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert ana.opens(onward).text.count('scope="row"') == 10


class TestTheInbox:
    def test_claimed_answered_and_resolved_without_a_script(self, ana: Clerk, house: House) -> None:
        house.say("Where is my order?")
        house.say("Hello?", GRACES_CHAT, GRACE)
        taken = ana.does(TALK, f"{TALK}/claim")
        assert (taken.status_code, taken.location) == (303, f"{TALK}?tab=mine")
        assert "The conversation is yours." in ana.opens(TALK).text
        sent = ana.does(TALK, f"{TALK}/say", text="On its way.", mode="reply", then="resolve")
        assert sent.location == f"/admin/inbox/{GRACES_CHAT}"
        assert texts(house.poll(house.key())) == ["Hello?"]

    def test_a_form_sent_twice_acts_once(self, ana: Clerk, house: House) -> None:
        house.say("Hello")
        form = ana.form(TALK, f"{TALK}/say")
        for _ in range(2):
            sent = ana.sends(f"{TALK}/say", form, text="Once", mode="reply", then="stay")
            assert sent.status_code == 303
        assert [r.text for r in house.store.responses.page(ADAS_CHAT, None, 9)] == ["Once"]

    def test_an_answer_somebody_gave_meanwhile_is_shown_and_the_draft_kept(
        self, ana: Clerk, house: House
    ) -> None:
        house.say("Hello")
        form = ana.form(TALK, f"{TALK}/say")
        house.reply(house.key(), "The agent was faster")
        sent = ana.sends(f"{TALK}/say", form, text="My draft", mode="reply", then="stay")
        assert sent.status_code == 409
        assert "Somebody else answered while you wrote" in sent.text
        assert "My draft</textarea>" in sent.text
        assert "The agent was faster" in sent.text
        again = ana.does(TALK, f"{TALK}/say", text="My draft", mode="reply", then="stay")
        assert again.status_code == 303

    def test_a_second_operator_is_told_whose_it_is(
        self, ana: Clerk, hire: Callable[..., Clerk], house: House
    ) -> None:
        house.say("Hello")
        ben = hire("ben")
        form = ben.form(TALK, f"{TALK}/claim")
        ana.does(TALK, f"{TALK}/claim")
        refused = ben.sends(f"{TALK}/claim", form)
        assert refused.status_code == 409
        assert "Taken by ana 0 s ago" in refused.text

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001])
    def test_an_answer_of_no_length_is_refused(self, ana: Clerk, house: House, text: str) -> None:
        house.say("Hello")
        sent = ana.does(TALK, f"{TALK}/say", text=text, mode="reply", then="stay")
        assert sent.status_code == 400
        assert "The answer is" in sent.text

    def test_a_viewer_reads_and_does_nothing(
        self, ana: Clerk, hire: Callable[..., Clerk], house: House
    ) -> None:
        house.say("Hello")
        vera = hire("vera", "viewer")
        assert "<textarea" not in vera.opens(TALK).text
        form = ana.form(TALK, f"{TALK}/claim")
        own = vera.form(TALK, "/logout")
        for act in ("claim", "say", "resolve", "hand-back", "touch"):
            assert vera.sends(f"{TALK}/{act}", form | own).status_code == 403

    def test_a_form_without_its_token_does_nothing(self, ana: Clerk, house: House) -> None:
        house.say("Hello")
        form = ana.form(TALK, f"{TALK}/claim") | {"csrf_token": "guessed"}
        assert ana.sends(f"{TALK}/claim", form).status_code == 403
        assert house.office.desk.holder(ADAS_CHAT) is None


class TestASession:
    def test_shows_what_happened_and_the_raw_of_it(self, ana: Clerk, house: House) -> None:
        house.say("Hello")
        house.poll(house.key())
        shown = words(ana.opens(RECORD))
        assert "Hello" in shown
        assert "Message 1 was handed to Assistant" in shown
        raw = ana.opens(f"{RECORD}?raw=1").text
        assert "&#34;timestamp&#34;" in raw
        assert "receipt" not in raw

    def test_is_closed_and_deleted_and_both_are_written_down(
        self, ana: Clerk, house: House
    ) -> None:
        house.say("Hello")
        assert ana.does(RECORD, f"{RECORD}/close").location == RECORD
        assert house.sessions.find(ADAS_CHAT).status == "ended"
        assert ana.does(RECORD, f"{RECORD}/reopen").location == RECORD
        assert house.sessions.find(ADAS_CHAT).status == "active"
        form = ana.form(RECORD, f"{RECORD}/delete")
        for _ in range(2):
            assert ana.sends(f"{RECORD}/delete", form).location == "/admin/sessions"
        assert not house.sessions.exists(ADAS_CHAT)
        told = [(e.action, e.before, e.after) for e in house.audit.entries()][-3:]
        assert told == [
            ("session.close", "active", "ended"),
            ("session.reopen", "ended", "active"),
            ("session.delete", "1 messages, 0 answers", "deleted"),
        ]

    def test_is_exported_without_notes(self, ana: Clerk, house: House) -> None:
        house.say("Hello")
        house.office.desk.note(ADAS_CHAT, ana.person, "for us only")
        for form in ("md", "json", "html"):
            text = ana.opens(f"{RECORD}/export?format={form}").text
            assert "Hello" in text
            assert "for us only" not in text


def test_an_answer_is_sent_again_once(ana: Clerk, house: House) -> None:
    house.say("Hello")
    house.outbox.add(NewResponse(ADAS_CHAT, "Take this"))
    form = ana.form("/admin/outbox", "/admin/outbox/1/resend")
    for _ in range(2):
        assert ana.sends("/admin/outbox/1/resend", form, session_id=ADAS_CHAT).status_code == 303
    sent = house.store.responses.page(ADAS_CHAT, None, 9)
    assert [one.text for one in sent] == ["Take this", "Take this"]
    elsewhere = ana.does("/admin/outbox", "/admin/outbox/1/resend", session_id="session_nobody")
    assert elsewhere.status_code == 404


def test_the_overview_tells_which_half_lives(ana: Clerk, house: House) -> None:
    Processes(house.store, house.clock, "bridge").lives("bridge-1")
    shown = words(ana.opens("/admin/"))
    assert "ok Bridge (the API)" in shown
    assert "not ok Control (the pages): none lives" in shown


def test_what_turns_a_name_around_is_shown(ana: Clerk, house: House) -> None:
    house.say("invoice\u202efdp.exe")
    assert "invoice⟦U+202E⟧fdp.exe" in ana.opens("/admin/sessions").text


def test_who_signed_in_is_called_by_their_name(ana: Clerk, house: House) -> None:
    house.say("Hello")
    with house.store.write():
        house.store.database.connection.execute("UPDATE web_chat_sessions SET user_id = 1")
    for path in ("/admin/inbox", "/admin/sessions", TALK):
        assert "Guest " not in words(ana.opens(path))
    assert ADAS_CHAT in ana.opens("/admin/sessions?q=ana").text
