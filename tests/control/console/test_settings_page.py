"""/admin/settings as a browser without JavaScript uses it."""

from collections.abc import Callable

import pytest

from chat_bridge.config import KINDS
from chat_bridge.domain.configuration import Configuration, KnownSetting
from tests.builders import House
from tests.control.console.clerk import Clerk, actions, form_of

HOME, REVIEW = "/admin/settings", "/admin/settings/review"
HOSTILE = "<script>alert(1)</script>"


def review(anton: Clerk, **values: str) -> str:
    """The page with the differences."""
    answer = anton.does(HOME, REVIEW, **{f"value.{n}": v for n, v in values.items()})
    assert (answer.status_code, "Review changes" in answer.text) == (200, True)
    return answer.text


def change(anton: Clerk, **values: str) -> None:
    assert anton.sends(HOME, form_of(review(anton, **values), HOME)).status_code == 303


def put(house: House, name: str, value: str) -> None:
    """As another program does."""
    with house.store.write():
        house.store.database.connection.execute(
            "INSERT INTO system_config (config_key, config_value, updated_at)"
            " VALUES (?, ?, 'x') ON CONFLICT (config_key) DO UPDATE SET"
            " config_value = excluded.config_value", (name, value),
        )  # fmt: skip


def test_every_setting_is_shown_with_where_it_comes_from(anton: Clerk) -> None:
    page = anton.opens(HOME).text
    for name in KINDS:
        assert f">{name}</label>" in page, name
    assert "read at the start, from bridge.yml" in page
    assert 'id="setting-port" name="value.port" value="8001"' in page


def test_what_the_start_names_is_locked_with_the_reason(house: House) -> None:
    where = {"retention_days": "environment variable CHAT_BRIDGE_RETENTION_DAYS",
             "limit_reads": "/etc/bridge.yml", "admin_key": "/etc/bridge.yml"}  # fmt: skip
    known = [KnownSetting(name, "x", "", "0", "7", source) for name, source in where.items()]
    shown = Configuration(house.settings, house.audit, known).all()
    assert [(one.title, one.source) for one in shown] == [
        ("retention_days", "environment"), ("limit_reads", "bridge.yml"),
        ("admin_key", "bridge.yml"),
    ]  # fmt: skip
    assert [one.locked for one in shown] == [f"named by {source}" for source in where.values()]


def test_a_change_is_looked_at_saved_in_effect_and_undone(anton: Clerk, house: House) -> None:
    page = review(anton, session_timeout="7200")
    assert "default: 86400" in page
    assert house.settings.live.now().session_timeout == 86_400
    form = form_of(page, HOME)
    for _ in range(2):
        assert anton.sends(HOME, form).status_code == 303
    assert house.settings.live.now().session_timeout == 7_200
    assert actions(house) == ["config"]
    entry = list(house.audit.entries())[-1]
    assert (entry.subject, entry.before, entry.after) == ("session_timeout", "", "7200")
    undo = f"{HOME}/undo/{entry.id}"
    assert undo in anton.opens(HOME).text
    anton.does(undo, undo)
    assert house.settings.live.now().session_timeout == 86_400
    assert actions(house) == ["config", "config"]
    refused = anton.opens(undo)
    assert (refused.status_code, "changed again since" in refused.text) == (409, True)


def test_the_name_that_other_programs_use_is_kept(anton: Clerk, house: House) -> None:
    put(house, "max_message_length", "500")
    change(anton, max_message_length="600")
    assert house.settings.live.now().max_message_chars == 600
    assert house.store.settings.get("max_message_chars") is None


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("session_timeout", "soon", "a whole number from 60"), ("limit_reads", "many", "600/minute"),
     ("admin_key", "short", "at least 8 characters"), ("api_key", "ObeyG1ant", "published")],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_it(
    anton: Clerk, house: House, name: str, value: str, told: str
) -> None:
    answer = anton.does(HOME, REVIEW, **{f"value.{name}": value})
    assert (answer.status_code, told in answer.text) == (400, True)
    kept = f'name="value.{name}" value="{value}"' in answer.text
    assert kept is not name.endswith("_key"), "a secret is typed again"
    assert actions(house) == []


def test_a_stale_edit_is_shown_and_not_saved(anton: Clerk, house: House) -> None:
    form = anton.form(HOME, REVIEW)
    late = form_of(review(anton, session_timeout="7200"), HOME)
    put(house, "session_timeout", "9000")
    for path, given in ((REVIEW, {**form, "value.session_timeout": "7200"}), (HOME, late)):
        answer = anton.sends(path, given)
        assert (answer.status_code, "Stored meanwhile: “9000”" in answer.text) == (409, True)
        assert 'value="7200"' in answer.text
    assert house.store.settings.get("session_timeout") == "9000"


def test_what_others_saved_meanwhile_is_not_overwritten_unseen(anton: Clerk, house: House) -> None:
    """A form sends every field; only what its writer changed counts."""
    put(house, "ollama_base_url", "http://one")
    shown = house.administration.configuration.all()
    form = anton.form(HOME, REVIEW)
    form |= {f"value.{one.name}": one.value for one in shown if not one.locked}
    put(house, "ollama_base_url", "http://two")
    answer = anton.sends(REVIEW, form, **{"value.session_timeout": "7200"})
    anton.sends(HOME, form_of(answer.text, HOME))
    assert house.store.settings.get("ollama_base_url") == "http://two"
    assert house.settings.live.now().session_timeout == 7_200


class TestRowsOfOtherPrograms:
    def test_are_shown_kept_and_changed_as_text(self, anton: Clerk, house: House) -> None:
        for name, value in (("flask_port", "5001"), ("motto", f"one\r\ntwo {HOSTILE}")):
            put(house, name, value)
        page = anton.opens(HOME).text
        assert 'name="value.flask_port" value="5001"' in page
        assert HOSTILE not in page
        change(anton, flask_port=" 5002 ")
        assert house.store.settings.get("flask_port") == " 5002 "
        assert house.store.settings.get("motto") == f"one\r\ntwo {HOSTILE}"

    def test_secrets_are_masks_that_leave_them(self, anton: Clerk, house: House) -> None:
        put(house, "openai_api_key", "sk-very-secret")
        page = anton.opens(HOME).text
        assert "sk-very-secret" not in page
        same = anton.does(HOME, REVIEW, **{"value.openai_api_key": "********"})
        assert "Nothing is different" in same.text
        shown = review(anton, openai_api_key="sk-another")
        assert "a new secret" in shown
        anton.sends(HOME, form_of(shown, HOME))
        assert house.store.settings.get("openai_api_key") == "sk-another"
        entry = list(house.audit.entries())[-1]
        assert (entry.before, entry.after) == ("********", "********")
        assert anton.opens(f"{HOME}/undo/{entry.id}").status_code == 409

    def test_a_row_with_an_impossible_value_is_said(self, anton: Clerk, house: House) -> None:
        put(house, "session_timeout", "for ever")
        assert "“for ever” has no effect" in anton.opens(HOME).text

    def test_the_servers_own_rows_are_not_shown(self, anton: Clerk, house: House) -> None:
        put(house, "setup_code", "digest")
        assert "setup_code" not in anton.opens(HOME).text
        form = anton.form(HOME, REVIEW)
        anton.sends(HOME, form, **{"value.setup_code": "x", "seen.setup_code": "y"})
        assert house.store.settings.get("setup_code") == "digest"


def test_what_was_new_is_taken_out_again(anton: Clerk, house: House) -> None:
    with house.store.write():
        for name, (before, after) in house.settings.put({"colour": "green"}).items():
            house.audit.write("key x", "config", subject=name, before=before, after=after)
    entry = list(house.audit.entries())[-1]
    anton.does(f"{HOME}/undo/{entry.id}", f"{HOME}/undo/{entry.id}")
    assert house.store.settings.get("colour") is None


def test_a_way_back_from_the_differences_keeps_what_was_written(anton: Clerk) -> None:
    form = form_of(review(anton, session_timeout="7200"), HOME)
    answer = anton.sends(REVIEW, form, step="edit")
    assert 'name="value.session_timeout" value="7200"' in answer.text


def test_nobody_else_saves(hire: Callable[..., Clerk], anton: Clerk, house: House) -> None:
    form = form_of(review(anton, session_timeout="7200"), HOME)
    assert hire("olga", "operator").sends(HOME, form).status_code == 403
    assert actions(house) == []
