"""What somebody reads whose wish was refused."""

from collections.abc import Callable

import pytest

from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import BROWSER, Clerk, words

RESOLVE = f"/admin/inbox/{ADAS_CHAT}/resolve"


def test_a_page_that_is_not_for_ones_role_says_whose_it_is(hire: Callable[..., Clerk]) -> None:
    page = hire("vera", "viewer").opens("/admin/users")
    assert page.status_code == 403
    assert "A viewer cannot do this; an administrator can give you another role." in words(page)


@pytest.mark.parametrize(
    ("referrer", "back"),
    [("http://localhost/admin/inbox?tab=all", 'href="/admin/inbox?tab=all"'),
     ("http://elsewhere.example/admin/inbox", None), ("", None)],
)  # fmt: skip
def test_a_refused_form_leads_back_to_its_page(
    ana: Clerk, house: House, referrer: str, back: str | None
) -> None:
    house.say("Hello")
    form = ana.form(f"/admin/inbox/{ADAS_CHAT}", RESOLVE) | {"form_key": "short"}
    answer = ana.browser.post(RESOLVE, data=form, headers={**BROWSER, "Referer": referrer})
    assert answer.status_code == 400
    assert ("Back</a>" in answer.text) == (back is not None)
    assert (back or "To the overview") in answer.text


def test_dead_letters_of_both_kinds_are_counted_alike(ana: Clerk, house: House) -> None:
    house.say("Hello")
    house.say("/info")
    with house.store.write():
        connection = house.store.database.connection
        connection.execute("UPDATE web_chat_messages SET state = 'dead' WHERE job_id IS NULL")
        connection.execute("UPDATE jobs SET status = 'dead'")
    page = ana.opens("/admin/").text
    assert 'data-count="dead-letters">2</span>' in page
    assert "2 dead letters" in page
