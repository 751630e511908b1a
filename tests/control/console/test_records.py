"""Jobs, dead letters, files, audit, logs and maintenance as a browser without JavaScript sees
them."""

import json
from collections.abc import Callable

import pytest

from chat_bridge.ports import FileFilter
from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import Clerk, actions, form_of, words

FOR_ALL = ("/admin/jobs", "/admin/dead-letters", "/admin/dead-letters/aside", "/admin/files")
FOR_ADMINS = ("/admin/audit", "/admin/logs", "/admin/maintenance")
DEAD = "/admin/dead-letters"
HOSTILE = "<script>alert(1)</script>"
Hire = Callable[..., Clerk]


def kill(house: House, reason: str = "no such order") -> list[int]:
    """Dead letters of everything that waits."""
    key, ids = house.key(), []
    for _ in range(5):
        page = house.poll(key)
        ids = [delivery.message.id for delivery in page.deliveries]
        house.inbox.give_back(key, ids, delay_seconds=0, reason=reason)
    return ids


@pytest.mark.parametrize("path", [*FOR_ALL, *FOR_ADMINS])
def test_who_may_read_a_page(hire: Hire, path: str) -> None:
    expected = 200 if path in FOR_ALL else 403
    assert hire("vera", "viewer").opens(path).status_code == expected
    assert hire("olga", "operator").opens(path).status_code == expected
    assert hire("anton", "admin").opens(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/admin/jobs?status=odd", "/admin/jobs?after=x", "/admin/files?kind=odd",
     "/admin/audit?action=x", "/admin/logs?level=loud", "/admin/logs?seen=x", "/admin/logs?part=x",
     f"{DEAD}/message?after=x"],
)  # fmt: skip
def test_a_wrong_parameter_is_told(anton: Clerk, path: str) -> None:
    found = anton.opens(path)
    assert (found.status_code, "is not valid" in found.text) == (400, True)


def test_what_visitors_write_is_text(anton: Clerk, house: House) -> None:
    house.say(f"/search {HOSTILE}")
    house.say(HOSTILE)
    kill(house, HOSTILE)
    house.upload(f"{HOSTILE}.csv", b"a\n1\n")
    house.audit.write(HOSTILE, HOSTILE, subject=HOSTILE, before=HOSTILE, after=HOSTILE)
    for path in (*FOR_ALL, *FOR_ADMINS, f"{DEAD}/message?reason={HOSTILE}"):
        assert HOSTILE not in anton.opens(path).text


class TestDeadLetters:
    def test_a_group_is_taken_along(self, ana: Clerk, hire: Hire, house: House) -> None:
        house.say("Where is it?")
        kill(house)
        path = f"{DEAD}/message/export?reason=no%20such%20order"
        (told,) = [json.loads(row) for row in ana.opens(path).text.splitlines()]
        assert (told["text"], told["reason"], told["attempts"]) == (
            "Where is it?", "no such order", 5,
        )  # fmt: skip
        assert actions(house)[-1] == "dead letter export"
        assert hire("vera", "viewer").opens(path).status_code == 403

    def test_a_group_is_tried_again_whole(self, ana: Clerk, house: House) -> None:
        for text in ("one", "two"):
            house.say(text)
        ids = kill(house)
        assert "no such order" in ana.opens(DEAD).text
        form = ana.form(DEAD, f"{DEAD}/retry")
        told = ana.sends(f"{DEAD}/retry", form)
        assert told.status_code == 303
        assert "2 letters are tried again." in words(ana.opens(DEAD))
        assert [house.state(number) for number in ids] == ["pending", "pending"]
        ana.sends(f"{DEAD}/retry", form)
        assert actions(house).count("dead letter retry") == 2

    def test_one_is_discarded_and_brought_back(self, ana: Clerk, house: House) -> None:
        for text in ("one", "two"):
            house.say(text)
        ids = kill(house)
        group = f"{DEAD}/message?reason=no%20such%20order"
        form = ana.form(group, f"{DEAD}/retry")
        ana.sends(f"{DEAD}/discard", form, id=str(ids[0]), why="advertising")
        assert [g.count for g in house.dead_letters.groups()] == [1]
        assert "advertising" in ana.opens(f"{DEAD}/aside").text
        ana.does(f"{DEAD}/aside", f"{DEAD}/restore")
        assert [g.count for g in house.dead_letters.groups()] == [2]

    @pytest.mark.parametrize(
        ("more", "told"),
        [({"id": ""}, "Choose at least one"), ({"id": "x"}, "Choose at least one"),
         ({"kind": "cat"}, "open the page again"), ({"id": "1", "form_key": "x"}, "no key")],
    )  # fmt: skip
    def test_a_form_that_is_not_whole_is_told(
        self, ana: Clerk, house: House, more: dict[str, str], told: str
    ) -> None:
        house.say("one")
        kill(house)
        form = ana.form(f"{DEAD}/message?reason=no%20such%20order", f"{DEAD}/retry")
        answer = ana.sends(f"{DEAD}/retry", form | more)
        assert (answer.status_code, told in answer.text) == (400, True)

    def test_a_discard_needs_a_reason(self, ana: Clerk, house: House) -> None:
        house.say("one")
        ids = kill(house)
        form = ana.form(f"{DEAD}/message?reason=no%20such%20order", f"{DEAD}/retry")
        answer = ana.sends(f"{DEAD}/discard", form, id=str(ids[0]), why=" ")
        assert (answer.status_code, "The reason is empty" in answer.text) == (400, True)
        assert house.state(ids[0]) == "dead"


class TestFiles:
    def test_are_found_by_name_and_read_by_operators(
        self, ana: Clerk, hire: Hire, house: House
    ) -> None:
        house.say("hello")
        house.upload("Kunden 2026.csv", b"name\nAda\n")
        page = ana.opens("/admin/files?q=kunden")
        assert "Kunden_2026.csv" in page.text
        assert "Kunden" not in words(ana.opens("/admin/files?q=orders"))
        (number,) = [file.id for file in house.store.records.files(FileFilter())]
        with ana.opens(f"/admin/files/{number}") as got:
            assert (got.status_code, got.data) == (200, b"name\nAda\n")
            assert got.headers["Content-Disposition"].startswith("attachment")
        assert hire("vera", "viewer").opens(f"/admin/files/{number}").status_code == 403
        assert ana.opens("/admin/files/99").status_code == 404
        assert actions(house) == ["file.read"]


class TestAudit:
    def test_is_searched_and_verified(self, anton: Clerk, house: House) -> None:
        house.audit.write("key cfg_1", "config", subject="greeting", before="Hi", after="Hello")
        house.audit.write("terminal", "key new", subject="sk_1")
        page = words(anton.opens("/admin/audit?action=config"))
        assert "greeting" in page
        assert "sk_1" not in page
        assert "sk_1" in words(anton.opens("/admin/audit?q=sk_1"))
        anton.does("/admin/audit", "/admin/audit/verify")
        assert "4 entries, unbroken" in words(anton.opens("/admin/audit"))

    def test_is_taken_along_whole(self, anton: Clerk, house: House) -> None:
        told = [json.loads(row) for row in anton.opens("/admin/audit/export").text.splitlines()]
        assert [one["hash"] for one in told] == [one.hash for one in house.audit.entries()]
        assert told[-1]["action"] == "audit.export"

    def test_a_change_is_undone_from_here(self, anton: Clerk) -> None:
        home = "/admin/settings"
        form = anton.form(home, f"{home}/review")
        review = anton.sends(f"{home}/review", form, **{"value.retention_days": "90"})
        anton.sends(home, form_of(review.text, home))
        assert f'href="{home}/undo/' in anton.opens("/admin/audit").text

    def test_a_broken_chain_is_said(self, anton: Clerk, house: House) -> None:
        house.audit.write("terminal", "key new", subject="sk_1")
        with house.store.write():
            connection = house.store.database.connection
            connection.execute("DROP TRIGGER audit_log_keeps_values")
            connection.execute("UPDATE audit_log SET actor = 'nobody'")
        anton.does("/admin/audit", "/admin/audit/verify")
        assert "is not as it was written" in words(anton.opens("/admin/audit"))


class TestMaintenance:
    HOME = "/admin/maintenance"

    def test_a_snapshot_is_taken_downloaded_and_deleted(self, anton: Clerk, house: House) -> None:
        anton.does(self.HOME, f"{self.HOME}/snapshots")
        (taken,) = house.snapshots.all()
        with anton.opens(f"{self.HOME}/snapshots/{taken.name}") as got:
            assert got.data.startswith(b"SQLite format 3")
        anton.does(self.HOME, f"{self.HOME}/snapshots/{taken.name}/delete")
        assert house.snapshots.all() == []
        assert anton.opens(f"{self.HOME}/snapshots/{taken.name}").status_code == 404
        assert anton.opens(f"{self.HOME}/snapshots/..%2Fbridge.db").status_code == 404
        assert actions(house) == ["snapshot take", "snapshot.read", "snapshot delete"]

    def test_all_data_is_cleared_only_for_the_typed_words(self, anton: Clerk, house: House) -> None:
        house.say("hello")
        form = anton.form(self.HOME, f"{self.HOME}/clear-data")
        refused = anton.sends(f"{self.HOME}/clear-data", form, confirm="yes")
        assert refused.status_code == 400
        assert house.sessions.exists(ADAS_CHAT)
        anton.sends(f"{self.HOME}/clear-data", form, confirm="Clear all data")
        assert not house.sessions.exists(ADAS_CHAT)
        entry = list(house.audit.entries())[-1]
        assert json.loads(entry.before or "")["messages"] == 1
        assert entry.actor.endswith("anton")

    def test_idle_sessions_and_logs_are_tidied(self, anton: Clerk, house: House) -> None:
        house.say("hello")
        with house.store.write():
            house.store.database.connection.execute(
                "UPDATE web_chat_sessions SET last_activity = '2020-01-01T00:00:00.000Z'"
            )
        anton.does(self.HOME, f"{self.HOME}/cleanup")
        assert house.sessions.find(ADAS_CHAT).status == "expired"
        anton.does(self.HOME, f"{self.HOME}/cleanup-logs")
        assert actions(house) == ["cleanup", "cleanup_logs"]


class TestLogs:
    def test_are_followed_by_request(self, anton: Clerk, house: House) -> None:
        told = {"time": "2026-11-21T10:00:00.000+00:00", "level": "error", "logger": "x",
                "message": "it failed", "request_id": "r" * 32, "trace": "line 7"}  # fmt: skip
        folder = house.folder / "logs"
        folder.mkdir(exist_ok=True)
        (folder / "web.log").write_text(json.dumps(told) + "\n")
        page = anton.opens("/admin/logs?request=" + "r" * 32)
        assert "it failed" in page.text
        assert "line 7" in page.text
        assert "No entry fits" in words(anton.opens("/admin/logs?request=other"))


def test_the_outbox_tells_what_was_fetched(ana: Clerk, house: House) -> None:
    house.say("Hello")
    first, second = (house.reply(house.key(), text) for text in ("Fetched one", "Kept one"))
    with house.store.write():
        house.store.responses.deliver([first.id])
    for state, shown, hidden in (
        ("fetched", "Fetched one", "Kept one"), ("waiting", "Kept one", "Fetched one"),
    ):  # fmt: skip
        page = words(ana.opens(f"/admin/outbox?state={state}"))
        assert (shown in page, hidden in page) == (True, False)
    assert ana.opens("/admin/outbox?state=lost").status_code == 400
    assert second.id > first.id
