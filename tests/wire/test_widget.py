"""/widget/…: the addresses and answers that the founding widget had, and a frame that is ours."""

from urllib.parse import quote

import pytest

from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Caller

NAMES = {
    "apiKey", "position", "theme", "title", "primaryColor", "language", "autoOpen",
    "notifications", "sound",
}  # fmt: skip


@pytest.fixture
def shop(bridge: RunningBridge) -> Caller:
    return caller.visitor(bridge)


@pytest.mark.parametrize("path", ["/widget/init", "/widget/init.php"])
def test_init_echoes_what_it_is_given(shop: Caller, path: str) -> None:
    title = "Ask <b>Ada</b> & “Grace”"
    query = f"apiKey=any&title={quote(title)}&position=middle&autoOpen=TRUE&sound=1"
    data = shop.call("GET", f"{path}?{query}").data
    assert set(data["config"]) == NAMES
    assert (data["config"]["title"], data["config"]["position"]) == (title, "middle")
    assert (data["config"]["autoOpen"], data["config"]["sound"]) == (True, False)
    assert data["config"]["primaryColor"] == "#007bff"
    assert set(data["assets"]) == {"css", "js", "icons"}
    assert data["api"] == {"baseUrl": f"http://127.0.0.1:{shop.port}", "endpoint": "/api/v1/"}


def test_init_wants_a_word_for_a_key(shop: Caller) -> None:
    answer = shop.call("GET", "/widget/init")
    assert (answer.status, answer.error) == (400, "API key is required")


def test_config_and_health_are_as_they_were(shop: Caller) -> None:
    config = shop.call("GET", "/widget/config").json
    assert config["message"] == "Configuration options loaded"
    assert set(config["data"]) == {"positions", "themes", "languages", "defaults"}
    assert config["data"]["defaults"]["title"] == "Chat with us"
    health = shop.call("GET", "/widget/health").data
    assert health == {"status": "healthy", "version": "1.0.0", "api_status": "connected"}


def test_another_site_may_read_them(shop: Caller) -> None:
    origin = {"Origin": "https://shop.example"}
    answer = shop.call("GET", "/widget/init?apiKey=any", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/widget/", ["Sanctum Chat Widget", "embed", "/widget/demo", "data-api-key"]),
        ("/widget", ["Sanctum Chat Widget"]),
        ("/widget/index.php", ["Sanctum Chat Widget"]),
        ("/widget/demo", ["Interactive Demo", "demo", "interactive", "test"]),
        ("/widget/demo.php", ["Interactive Demo"]),
        ("/widget/test", ["test"]),
        ("/widget/frame", ['id="message"', "chat-log"]),
        ("/widget/embed?apiKey=any&title=Ask", ["<title>Ask</title>"]),
    ],
)
def test_a_page_is_there(shop: Caller, path: str, words: list[str]) -> None:
    answer = shop.call("GET", path)
    assert (answer.status, answer.headers.get_content_type()) == (200, "text/html")
    for word in words:
        assert word in answer.body.decode()


def test_an_embedded_frame_without_a_key_is_a_400(shop: Caller) -> None:
    answer = shop.call("GET", "/widget/embed.php")
    assert (answer.status, answer.headers.get_content_type()) == (400, "text/html")


@pytest.mark.parametrize("folder", ["static", "assets"])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("css/widget.css", "text/css"),
        ("js/chat-widget.js", "application/javascript"),
        ("assets/icons/chat-icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_has_its_type(shop: Caller, folder: str, name: str, kind: str) -> None:
    answer = shop.call("GET", f"/widget/{folder}/{name}")
    assert (answer.status, answer.headers.get_content_type()) == (200, kind)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_is_not_there_is_said_as_before(shop: Caller) -> None:
    file = shop.call("GET", "/widget/static/js/nothing.js")
    assert (file.status, file.error) == (404, "Widget endpoint not found")
    page = shop.call("GET", "/widget/nonexistent")
    assert (page.status, page.headers.get_content_type()) == (404, "text/html")


def test_the_launcher_is_small_and_holds_no_secret(shop: Caller, bridge: RunningBridge) -> None:
    script = shop.call("GET", "/widget/static/js/chat-widget.js").body
    assert len(script) < 5_000
    for secret in (bridge.agent_key, bridge.admin_key):
        assert secret.encode() not in script
        assert secret.encode() not in shop.call("GET", "/widget/frame").body


def test_a_title_is_text(shop: Caller) -> None:
    title = quote("</title><script>alert(1)</script>")
    body = shop.call("GET", f"/widget/frame?title={title}&theme=%22%3E").body
    assert b"<script>alert" not in body
    assert b'data-theme="auto"' in body


def policy(shop: Caller, path: str) -> dict[str, str]:
    header = shop.call("GET", path).headers["Content-Security-Policy"]
    rules = (rule.strip().partition(" ") for rule in header.split(";"))
    return {name: value for name, _, value in rules}


class TestWhoMayShowTheFrame:
    def test_everybody_by_default(self, shop: Caller) -> None:
        rules = policy(shop, "/widget/frame")
        assert rules["frame-ancestors"] == "*"
        assert rules["script-src"] == "'self'"
        assert rules["default-src"] == "'none'"

    def test_nothing_else_may_be_framed(self, shop: Caller) -> None:
        for path in ("/", "/widget/", "/widget/demo"):
            assert policy(shop, path)["frame-ancestors"] == "'none'"
