"""Tags beside a conversation and in the inbox, without a script."""

from collections.abc import Callable

from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House
from tests.control.console.clerk import Clerk, words

TALK = f"/admin/inbox/{ADAS_CHAT}"


def test_tagged_shown_filtered_and_untagged(ana: Clerk, house: House) -> None:
    house.say("Where is my order?")
    house.say("Hello?", GRACES_CHAT, GRACE)
    assert 'name="tag"' not in ana.opens("/admin/inbox").text
    assert "Tagged refund." in ana.opens(ana.does(TALK, f"{TALK}/tag", tag="Refund").location).text
    assert "Tags: refund" in words(ana.opens("/admin/inbox")).replace("  ", " ")
    only = ana.opens("/admin/inbox?tag=refund").text
    assert (ADAS_CHAT in only, GRACES_CHAT in only) == (True, False)
    assert '<option value="refund" selected>' in only
    assert "Clear filters" in ana.opens("/admin/inbox?tag=lamps").text
    ana.does(TALK, f"{TALK}/untag", tag="refund")
    assert "Tags: refund" not in words(ana.opens("/admin/inbox"))


def test_what_is_no_tag_is_told(ana: Clerk, house: House) -> None:
    house.say("Hello")
    refused = ana.does(TALK, f"{TALK}/tag", tag="<script>")
    assert refused.status_code == 400
    assert "1 to 30 letters" in refused.text


def test_a_viewer_sees_them_only(ana: Clerk, hire: Callable[..., Clerk], house: House) -> None:
    house.say("Hello")
    ana.does(TALK, f"{TALK}/tag", tag="refund")
    vera = hire("vera", "viewer")
    page = vera.opens(TALK)
    assert "refund" in words(page)
    assert f"{TALK}/untag" not in page.text
    for act in ("tag", "untag"):
        assert (
            vera.sends(f"{TALK}/{act}", ana.form(TALK, f"{TALK}/tag"), tag="x").status_code == 403
        )
