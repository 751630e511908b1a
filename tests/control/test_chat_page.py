import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from control import Assets, Pages
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House
from tests.control.conftest import application

BOOT = re.compile(r'<script type="application/json" id="boot">(.*?)</script>', re.DOTALL)
SCRIPT = re.compile(r"<script([^>]*)>(.*?)</script>", re.DOTALL)
LOADED = re.compile(r'(?:src|href)="(/static/[^"#]+)')


def boot(client: FlaskClient, path: str = "/") -> dict[str, Any]:
    found = BOOT.search(client.get(path).text)
    assert found
    facts: dict[str, Any] = json.loads(found[1])
    return facts


def test_a_stranger_gets_a_secret_of_their_own(stranger: FlaskClient) -> None:
    cookie = stranger.get("/").headers["Set-Cookie"]
    assert re.match(r"cb_visitor=[\w-]{43};", cookie)
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Set-Cookie" not in stranger.get("/").headers


def test_a_short_secret_is_replaced(stranger: FlaskClient) -> None:
    stranger.set_cookie("cb_visitor", "guessable")
    assert "cb_visitor=" in stranger.get("/").headers["Set-Cookie"]


def test_behind_https_the_cookie_is_bound_to_the_host(pages: Callable[..., Pages]) -> None:
    answer = application(pages(secure=True)).test_client().get("/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-cb_visitor=")
    assert {"Secure", "Path=/"} <= set(cookie.split("; "))
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_a_page_may_run_nothing_but_our_own_files(stranger: FlaskClient) -> None:
    answer = stranger.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_is_written_inline(stranger: FlaskClient) -> None:
    text = stranger.get("/").text
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", text)
    assert "<style" not in text
    for attributes, body in SCRIPT.findall(text):
        assert not body.strip() or 'type="application/json"' in attributes


def test_everything_loaded_is_ours_and_exists(stranger: FlaskClient, assets: Assets) -> None:
    text = stranger.get("/").text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    loaded = set(LOADED.findall(text))
    assert assets.url("js/pages/chat.js") in loaded
    for url in loaded:
        answer = stranger.get(url)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_files_of_another_build_are_not_served_under_its_name(stranger: FlaskClient) -> None:
    assert stranger.get("/static/v-0000000000/css/tokens.css").status_code == 404


@pytest.mark.parametrize("name", ["../../pyproject.toml", "%2e%2e/pyproject.toml", "i18n"])
def test_only_known_files_are_served(stranger: FlaskClient, assets: Assets, name: str) -> None:
    assert stranger.get(f"/static/v-{assets.version}/{name}").status_code == 404


def test_a_first_visit_stays_small(stranger: FlaskClient) -> None:
    """Everything the page loads, compressed: architecture 16 sets 110 KB, of which 3 stay free."""
    accepting = {"Accept-Encoding": "gzip"}
    page = stranger.get("/", headers=accepting)
    loaded = set(LOADED.findall(stranger.get("/").text))
    total = len(page.data) + sum(len(stranger.get(u, headers=accepting).data) for u in loaded)
    assert page.headers["Content-Encoding"] == "gzip"
    assert total <= 107_000, "three kilobytes of air below the budget"


def test_the_page_knows_its_limits_and_agent(stranger: FlaskClient) -> None:
    facts = boot(stranger)
    assert facts["session_id"] is None
    assert facts["max_upload_bytes"] == 25 << 20
    assert facts["max_message_chars"] == 10_000
    assert facts["operations_url"] == "/api/v1/operations"
    assert facts["agent"]["slug"] == facts["page_agent"] == "sheets"


def test_a_changed_setting_shows_at_the_next_visit(stranger: FlaskClient, house: House) -> None:
    house.settings.put({"page_agent": "default", "max_message_length": "50", "sign_in": "offered"})
    facts = boot(stranger)
    assert facts["agent"]["slug"] == facts["page_agent"] == "default"
    assert facts["max_message_chars"] == 50
    assert facts["guest"] == {"left": 3, "limit": 3, "required": False}


def test_ada_finds_her_conversations_and_only_hers(ada: FlaskClient, house: House) -> None:
    house.say("/help <b>me</b>")
    house.say("my secret plan", GRACES_CHAT, GRACE)
    text = ada.get("/?agent=default").text
    assert f'href="/?session={ADAS_CHAT}" aria-current="page"' in text
    assert "/help &lt;b&gt;me&lt;/b&gt;" in text
    assert "secret plan" not in text
    assert boot(ada, "/?agent=default")["session_id"] == ADAS_CHAT


def test_a_new_chat_starts_empty(ada: FlaskClient, house: House) -> None:
    house.say("hello")
    assert boot(ada, "/?agent=default&new=1")["session_id"] is None


def test_somebody_elses_conversation_does_not_exist(ada: FlaskClient, house: House) -> None:
    house.say("my secret plan", GRACES_CHAT, GRACE)
    answer = ada.get(f"/?session={GRACES_CHAT}")
    assert answer.status_code == 404
    assert "Error 404" in answer.text
    assert "secret plan" not in answer.text


def test_the_chosen_agent_is_remembered(stranger: FlaskClient) -> None:
    assert boot(stranger, "/?agent=default")["agent"]["slug"] == "default"
    assert boot(stranger)["agent"]["slug"] == "default"
    assert boot(stranger, "/?agent=nobody")["agent"]["slug"] == "default"


def test_retention_is_said(pages: Callable[..., Pages]) -> None:
    client = application(pages(retention_days=30)).test_client()
    page = client.get("/").text
    assert page.count("Kept 30 days on this server") == 2, (
        "beside the list and before the first word"
    )
    assert "for 30 days" in client.get("/privacy").text


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/nowhere", "GET", 404), ("/", "PUT", 405)]
)
def test_errors_have_the_same_look(
    stranger: FlaskClient, path: str, method: str, status: int
) -> None:
    answer = stranger.open(path, method=method)
    assert answer.status_code == status
    assert f"Error {status}" in answer.text
    assert "sheets/base.css" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_an_error_page_is_compressed_once(stranger: FlaskClient) -> None:
    answer = stranger.get("/?session=session_nobody", headers={"Accept-Encoding": "gzip"})
    assert b"Error 404" in gzip.decompress(answer.data)
