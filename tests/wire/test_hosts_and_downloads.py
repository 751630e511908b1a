"""Whose name stands in our links, and how files are handed out."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from tests.servers import RunningBridge, serving
from tests.wire import caller
from tests.wire.caller import Answer, Caller

ROWS = b"name,city\nAda,London\n"
EVIL = ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "127.0.0.1@evil.example",
        "127.0.0.1:8001@evil.example", "localhost:80/evil.example", "localhost:evil.example",
        "evil.example#localhost", "[::1]evil.example", "localhost%0d%0aX-Evil:1", "", "a" * 500,
        "évil.example", "evil.example:99999999"]  # fmt: skip


@pytest.fixture
def filed(ada: Caller, session: str) -> str:
    assert ada.upload(session, "list.csv", ROWS).status == 200
    return session


class TestAHost:
    @pytest.mark.parametrize("host", EVIL)
    def test_that_is_not_ours_stands_in_no_answer(self, ada: Caller, filed: str, host: str) -> None:
        for path in (
            f"/api/v1/sessions/{filed}/files",
            f"/api/v1/?action=events&session_id={filed}&cursor=0",
            f"/api/v1/sessions/{filed}",
            f"//api/v1/?action=responses&session_id={filed}",
            "/api/v1/nothing",
            "/api/v1/sessions/",
        ):
            answer = self.asked(ada, path, host)
            assert b"evil" not in answer.lower().replace(b"nothing", b"")
            assert b"X-Evil" not in answer

    def asked(self, ada: Caller, path: str, host: str) -> bytes:
        head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: evil.example\r\n"
        head += "X-Forwarded-Proto: evil\r\nForwarded: host=evil.example\r\nConnection: close\r\n"
        return ada.raw(head.encode() + b"\r\n")

    def test_that_is_ours_makes_absolute_links(self, ada: Caller, filed: str) -> None:
        (file,) = ada.call("GET", f"/api/v1/sessions/{filed}/files").data["files"]
        base = f"http://127.0.0.1:{ada.port}/api/v1/sessions/{filed}/files/list.csv"
        assert file["download_url"] == base
        assert file["preview_url"] == base + "/preview"

    def test_gives_way_to_the_public_url(self, start_bridge: Callable[..., RunningBridge]) -> None:
        running = start_bridge(CHAT_BRIDGE_PUBLIC_URL="https://chat.example.org")
        ada = caller.visitor(running)
        ada.say("session_ada", "hi")
        (file,) = ada.upload("session_ada", "list.csv", ROWS).data["files"]
        assert file["download_url"].startswith("https://chat.example.org/api/v1/")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    names = "Chat.example.org,DESK.example.org"
    folder = tmp_path_factory.mktemp("named")
    with serving(folder, CHAT_BRIDGE_TRUSTED_HOSTS=names) as running:
        yield running


class TestTheHostsWeName:
    @pytest.mark.parametrize(
        ("host", "status"),
        [("chat.example.org", 200), ("CHAT.Example.ORG", 200), ("Chat.Example.Org:443", 200),
         ("desk.example.org", 200), ("localhost", 200), ("evil.example", 400),
         ("chat.example.org.evil.example", 400), ("sub.chat.example.org", 400)],
    )  # fmt: skip
    def test_are_names_whatever_their_case(
        self, named: RunningBridge, host: str, status: int
    ) -> None:
        answer = Caller(named.port).call("GET", "/api/v1/health", headers={"Host": host})
        assert answer.status == status


def assert_harmless(answer: Answer) -> None:
    assert answer.status == 200
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert len(answer.headers.get_all("Content-Disposition", [])) == 1
    assert not set(disposition) & set("\r\n\0")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Evil"] is None


class TestADownload:
    @pytest.mark.parametrize(
        "name",
        ["list.csv", "Kundenübersicht März.csv", "客户名单.csv", "\U0001f600.csv", 'a"b;c=d.csv',
         "a\r\nX-Evil: 1\r\n.csv", "../../etc/passwd.csv", "..\\..\\boot.csv", "a\0b.csv",
         "gpj.\u202evsc.csv", "x" * 5_000 + ".csv", "客" * 5_000 + ".csv", "-rf.csv",
         "%2e%2e%2f.csv",
         "a'b`c$(d).csv", "<script>alert(1)</script>.csv", "CON.csv", " .csv"],
    )  # fmt: skip
    def test_of_any_name_is_an_attachment(self, ada: Caller, session: str, name: str) -> None:
        (file,) = ada.upload(session, name, ROWS).data["files"]
        assert "\u202e" not in file["name"]
        path = file["download_url"].split(str(ada.port), 1)[1]
        answer = ada.call("GET", path)
        assert_harmless(answer)
        assert answer.body == ROWS
        assert ada.call("GET", path + "/preview").status == 200

    def test_in_part_is_one_too(self, ada: Caller, filed: str) -> None:
        path = f"/api/v1/sessions/{filed}/files/list.csv"
        answer = ada.call("GET", path, headers={"Range": "bytes=0-3"})
        assert (answer.status, answer.body) == (206, b"name")
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_of_a_page_is_refused_or_no_page(self, ada: Caller, session: str) -> None:
        for name in ("page.html", "picture.svg", "list.csv.html"):
            answer = ada.upload(session, name, b"<script>alert(1)</script>")
            assert answer.status == 422
            assert answer.json["error_code"] == "unsupported_file_type"

    @pytest.mark.parametrize("form", ["md", "json", "html"])
    def test_of_a_conversation_is_an_attachment(self, ada: Caller, session: str, form: str) -> None:
        answer = ada.call("GET", f"/api/v1/sessions/{session}/export?format={form}")
        assert_harmless(answer)
        assert answer.headers["Content-Disposition"].endswith(f"conversation.{form}")

    def test_that_is_not_there_is_404(self, ada: Caller, filed: str) -> None:
        answer = ada.call("GET", f"/api/v1/sessions/{filed}/files/{quote('grüße.csv')}")
        assert (answer.status, answer.json["error_code"]) == (404, "file_not_found")


class TestAnUpload:
    def test_of_two_with_one_name_keeps_both(self, ada: Caller, filed: str) -> None:
        (again,) = ada.upload(filed, "list.csv", b"a\n1\n").data["files"]
        assert again["name"] == "list-2.csv"
        files = ada.call("GET", f"/api/v1/sessions/{filed}/files").data["files"]
        assert [file["name"] for file in files] == ["list.csv", "list-2.csv"]

    def test_of_nothing_is_refused(self, ada: Caller, session: str) -> None:
        path = f"/api/v1/sessions/{session}/files"
        for body, kind in ((b"", ""), (b"{}", "application/json"), (b"x", "multipart/form-data")):
            answer = ada.call("POST", path, body, headers={"Content-Type": kind})
            assert (answer.status, answer.json["error_code"]) == (400, "missing_fields")

    def test_of_too_much_is_refused(self, start_bridge: Callable[..., RunningBridge]) -> None:
        ada = caller.visitor(start_bridge(CHAT_BRIDGE_MAX_UPLOAD_MB="1"))
        ada.say("session_ada", "hi")
        big = b"a\n" + b"1\n" * (1 << 19)
        answer = ada.upload("session_ada", "list.csv", big)
        assert (answer.status, answer.json["error_code"]) == (413, "too_large")
        assert "1 MB" in answer.error
        assert ada.upload("session_ada", "list.csv", big[: (1 << 20)]).status == 200
