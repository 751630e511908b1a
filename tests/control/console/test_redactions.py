"""Removing the text of one message as a browser without JavaScript does it."""

from collections.abc import Callable

import pytest

from chat_bridge.domain.redaction import NOTICE
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House
from tests.control.console.clerk import Clerk, actions, words

RECORD = f"/admin/sessions/{ADAS_CHAT}"
PAGE = f"{RECORD}/message/1/redact"
SECRET = "4929 1182 7701 6632"


@pytest.fixture
def said(house: House) -> None:
    house.say(f"My card is {SECRET}")


@pytest.mark.usefixtures("said")
class TestAMessage:
    def test_is_asked_about_and_says_what_goes(self, ana: Clerk) -> None:
        assert f'href="{PAGE}"' in ana.opens(RECORD).text
        shown = words(ana.opens(PAGE))
        assert SECRET in shown
        for told in ("This cannot be undone.", "a snapshot", "still waits", "Files stay"):
            assert told in shown

    def test_is_gone_wherever_it_was_read(self, ana: Clerk, house: House) -> None:
        done = ana.does(PAGE, PAGE)
        assert (done.status_code, done.location) == (303, RECORD)
        page = ana.opens(RECORD)
        assert "The text of this message is removed." in page.text
        assert "The text of message 1 was removed" in words(page)
        assert f'href="{PAGE}"' not in page.text
        for path in (
            RECORD, f"{RECORD}?raw=1", f"{RECORD}/export", "/admin/sessions",
            f"/admin/sessions?q={SECRET[:4]}", "/admin/inbox", f"/admin/inbox/{ADAS_CHAT}", PAGE,
        ):  # fmt: skip
            assert SECRET not in ana.opens(path).text.replace(f"q={SECRET[:4]}", "")
        assert "No session fits" in ana.opens(f"/admin/sessions?q={SECRET[:9]}").text

    def test_form_sent_twice_acts_once(self, ana: Clerk, house: House) -> None:
        form = ana.form(PAGE, PAGE)
        for _ in range(2):
            assert ana.sends(PAGE, form).status_code == 303
        assert actions(house) == ["message.redact"]
        assert "Its text is gone already" in ana.opens(PAGE).text

    def test_is_not_for_viewers(self, hire: Callable[..., Clerk], house: House) -> None:
        vera = hire("vera", "viewer")
        assert "redact" not in vera.opens(RECORD).text
        assert vera.opens(PAGE).status_code == 403
        assert vera.sends(PAGE, {"form_key": "x" * 20}).status_code == 403
        assert NOTICE not in vera.opens(RECORD).text

    def test_of_another_session_is_404(self, ana: Clerk, house: House) -> None:
        house.say("Hello", GRACES_CHAT, GRACE)
        form = ana.form(PAGE, PAGE)
        for path in (
            f"/admin/sessions/{GRACES_CHAT}/message/1/redact", f"{RECORD}/response/1/redact",
            f"{RECORD}/note/1/redact", "/admin/sessions/session_nobody/message/1/redact",
        ):  # fmt: skip
            assert ana.opens(path).status_code == 404
            assert ana.sends(path, form).status_code == 404


def test_a_command_under_way_is_cancelled_first(ana: Clerk, house: House) -> None:
    house.say(f"/search card={SECRET}")
    refused = ana.does(PAGE, PAGE)
    assert (refused.status_code, "has not ended yet" in refused.text) == (409, True)
    job = house.jobs.of_session(ADAS_CHAT)[0]
    house.jobs.cancel(job)
    ana.does(PAGE, PAGE)
    shown = ana.opens(f"/admin/jobs/{job.id}")
    assert SECRET not in shown.text
    assert "Try again" not in shown.text


def test_a_note_and_an_answer_too(ana: Clerk, house: House) -> None:
    house.say("Hello")
    house.reply(house.key(), f"Your card {SECRET}")
    house.office.desk.note(ADAS_CHAT, ana.person, f"Card {SECRET}")
    for kind in ("response", "note"):
        ana.does(f"{RECORD}/{kind}/1/redact", f"{RECORD}/{kind}/1/redact")
    for path in (RECORD, f"{RECORD}?raw=1", f"{RECORD}/export?format=json", "/admin/outbox"):
        assert SECRET not in ana.opens(path).text
    assert {"response.redact", "note.redact"} <= set(actions(house))
