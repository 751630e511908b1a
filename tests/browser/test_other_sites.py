"""A page of another site, in the browser of an administrator who is signed in. On another port of
the same host it is the same site to a browser, so their cookies travel with what it sends; on
another host they do not, and nothing may depend on that."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import people
from tests.browser.operator import PASSWORD, Operator
from tests.people import Session
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
NEW = "red tractors at noon"
FORMS: dict[str, dict[str, str]] = {
    "/account/password": {
        "old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW,
    },
    "/account/sign-out-everywhere": {},
    "/logout": {},
    "/login": {"username": "mallory", "password": PASSWORD},
    "/admin/users": {"username": "eve", "email": "", "role": "admin", "form_key": "a" * 32},
    "/admin/keys": {"name": "eve", "scope": "admin", "agent": "", "expires": ""},
    "/admin/maintenance/clear-data": {"confirm": "Clear all data", "form_key": "b" * 32},
}  # fmt: skip
EVE = '{"username": "eve", "email": "eve@example.org", "role": "admin", "name": "eve", "x": "y"}'
CALLS = [
    ("POST", "/api/users"), ("DELETE", "/api/users/1"), ("PUT", "/api/agents/1"),
    ("PUT", "/api/system-config"), ("POST", "/api/cleanup-sessions"), ("POST", "/api/v1/keys"),
    ("POST", "/api/v1/?action=clear_data"), ("POST", "/admin/api/clear_data"),
]  # fmt: skip
CALL = """
async ([method, url, body, mode, type]) => {
    const sent = { method, body, mode, credentials: "include", headers: { "Content-Type": type } };
    try { return (await fetch(url, sent)).status } catch { return -1 }
}
"""
READ = """
async (url) => {
    try { return await (await fetch(url, { credentials: "include" })).text() } catch { return "" }
}
"""
LISTEN = """
(url) => new Promise((done) => {
    const socket = new WebSocket(url);
    socket.onmessage = (event) => done(event.data);
    socket.onerror = socket.onclose = () => done("");
})
"""
FRAME = """
(url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
}
"""


@contextmanager
def site(address: str) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>You have won</title><main>Click here")

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer((address, 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{address}:{server.server_port}/"
        server.shutdown()


@pytest.fixture(params=["127.0.0.1", "127.0.0.2"], ids=["same-site", "cross-site"])
def evil(request: pytest.FixtureRequest) -> Iterator[str]:
    with site(request.param) as home:
        yield home


def told(bridge: RunningBridge, name: str) -> dict[str, Any]:
    """What an administrator finds: who has an account, the settings, the keys, the agents."""
    admin = Session(bridge.port).sign_in(name)
    paths = ("/api/users?active=all", "/api/system-config", "/api/v1/keys", "/api/agents?all=1")
    found = {path: admin.call("GET", path).json for path in paths}
    people = [(one["id"], one["role"], one["is_active"]) for one in found[paths[0]]]
    keys = [one["prefix"] for one in found[paths[2]]["data"]["keys"]]
    return {"people": people, "settings": found[paths[1]], "keys": keys, "agents": found[paths[3]]}


def post(context: BrowserContext, home: str, url: str, fields: dict[str, str]) -> tuple[int, bool]:
    """Submits a form as a click on the other site would: the status, and whether we were sent
    cookies."""
    page = context.new_page()
    page.goto(home)
    script = """([url, fields]) => {
        const form = document.createElement("form");
        form.method = "post";
        form.action = url;
        for (const [name, value] of Object.entries(fields)) {
            const input = document.createElement("input");
            Object.assign(input, { name, value, type: "hidden" });
            form.append(input);
        }
        document.body.append(form);
        form.submit();
    }"""
    with page.expect_response(url) as response:
        page.evaluate(script, [url, fields])
    sent = "cb_login" in response.value.request.all_headers().get("cookie", "")
    status = response.value.status
    page.close()
    return status, sent


def test_csrf_from_other_origin(
    staff: Callable[..., Operator], bridge: RunningBridge, evil: str
) -> None:
    anton = staff("anton", "admin")
    name = people.add(bridge, f"witness-of-{evil.split(':')[-1].strip('/')}", "admin")
    before = told(bridge, name)
    same_site = evil.startswith("http://127.0.0.1:")
    for path, fields in FORMS.items():
        status, sent = post(anton.context, evil, bridge.url + path, fields)
        assert sent is same_site, path
        assert status == 403 if same_site else status in (302, 303, 403), path
    page = anton.context.new_page()
    page.goto(evil)
    for method, path in CALLS:
        for mode, kind in (("cors", "application/json"), ("no-cors", "text/plain")):
            if mode == "cors" or method == "POST":
                told_status = page.evaluate(CALL, [method, bridge.url + path, EVE, mode, kind])
                assert told_status in (-1, 0), path
    assert page.evaluate(READ, bridge.url + "/api/users") == ""
    assert page.evaluate(READ, bridge.url + "/account") == ""
    assert page.evaluate(LISTEN, bridge.url.replace("http", "ws") + "/ws?desk=1") == ""
    page.close()
    assert told(bridge, name) == before
    anton.go("/account")
    expect(anton.page.get_by_text("anton").first).to_be_visible()
    Session(bridge.port).sign_in("anton")


@pytest.mark.parametrize("path", ["/", "/login", "/account", "/admin/", "/admin/users"])
def test_no_page_is_shown_in_a_frame(
    staff: Callable[..., Operator], bridge: RunningBridge, evil: str, path: str
) -> None:
    anton = staff("anton", "admin")
    page: Page = anton.context.new_page()
    page.goto(evil)
    with page.expect_console_message(lambda said: "frame-ancestors 'none'" in said.text):
        page.evaluate(FRAME, bridge.url + path)
    page.close()
