"""Everything the bridge does, through the nginx site that is shipped."""

import json
import socket
import time
from pathlib import Path
from typing import Any

import websocket

from tests.deploy.conftest import Site
from tests.deploy.proxy import needs_nginx, proxy
from tests.faults.account import rows
from tests.servers import free_port

CHAT = "/api/v1/?action="
MEGABYTE = b"name,email\n" + b"Ada,ada@example.org\n" * 52_000


def call(
    site: Site, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = site.proxy.connection()
    content = json.dumps(body) if isinstance(body, dict) else body
    connection.request(method, path, content, headers)
    answer = connection.getresponse()
    found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    connection.close()
    return found


def said(site: Site, session: str, text: str = "Hello", **more: Any) -> dict[str, Any]:
    body = {"session_id": session, "message": text, **more}
    status, _, content = call(site, "POST", f"{CHAT}messages", body)
    assert status == 200, content
    data: dict[str, Any] = json.loads(content)["data"]
    return data


def agent(site: Site, method: str, action: str, body: Any = None) -> dict[str, Any]:
    key = f"Bearer {site.bridge.agent_key}"
    status, _, content = call(site, method, f"{CHAT}{action}", body, Authorization=key)
    assert status == 200, content
    data: dict[str, Any] = json.loads(content)["data"]
    return data


def test_http_leads_to_https(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.proxy.plain), 10) as plain:
        plain.sendall(b"GET /privacy HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        told = plain.recv(4096)
    assert b" 301 " in told
    assert b"Location: https://chat.example.org/privacy\r\n" in told


def test_cookies_are_for_https_and_links_have_the_public_address(site: Site) -> None:
    _, headers, _ = call(site, "GET", "/")
    assert headers["set-cookie"].startswith("__Host-cb_visitor=")
    assert "; Secure" in headers["set-cookie"]
    assert headers["strict-transport-security"]
    said(site, "session_links")
    body = {"session_id": "session_links", "response": "Look"}
    agent(site, "POST", "outbox", body)
    uploaded = upload(site, "session_links", b"name\nAda\n")
    assert uploaded["download_url"].startswith(site.proxy.url + "/")


def test_the_address_of_a_visitor_is_the_one_nginx_saw(site: Site) -> None:
    body = {"session_id": "session_spoofed", "message": "Hello"}
    claims = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    assert call(site, "POST", f"{CHAT}messages", body, **claims)[0] == 200
    query = "SELECT ip_address FROM web_chat_sessions WHERE session_id = ?"
    assert rows(site.bridge.data_dir, query, "session_spoofed") == [("127.0.0.1",)]


def upload(site: Site, session: str, content: bytes) -> dict[str, Any]:
    part = b'--part\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=part"}
    path = f"/api/v1/sessions/{session}/files"
    body = part + content + b"\r\n--part--\r\n"
    status, _, told = call(site, "POST", path, body, **kind)
    assert status == 200, told
    (found,) = json.loads(told)["data"]["files"]
    return dict(found)


def test_uploads_and_downloads(site: Site) -> None:
    said(site, "session_files")
    file = upload(site, "session_files", MEGABYTE)
    assert file["size"] == len(MEGABYTE)
    path = file["download_url"].removeprefix(site.proxy.url)
    status, headers, content = call(site, "GET", path)
    assert (status, content) == (200, MEGABYTE)
    assert headers["content-disposition"].startswith("attachment")


def test_a_long_poll_waits_for_its_answer(site: Site) -> None:
    said(site, "session_poll")
    connection = site.proxy.connection()
    connection.request("GET", f"{CHAT}responses&session_id=session_poll&cursor=0&wait=20")
    time.sleep(0.5)
    agent(site, "POST", "outbox", {"session_id": "session_poll", "response": "There you are"})
    answer = connection.getresponse()
    (found,) = json.loads(answer.read())["data"]["responses"]
    connection.close()
    assert found["response"] == "There you are"


def test_events_are_streamed_as_they_happen(site: Site) -> None:
    said(site, "session_stream")
    connection = site.proxy.connection(10)
    path = f"{CHAT}events&session_id=session_stream&cursor=0"
    connection.request("GET", path, headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.getheader("Content-Type", "").startswith("text/event-stream")
    agent(site, "POST", "outbox", {"session_id": "session_stream", "response": "Streamed"})
    while b"Streamed" not in (line := answer.readline()):
        assert line
    connection.close()


def test_a_socket_passes_both_ways(site: Site) -> None:
    token = said(site, "session_socket")["session_token"]
    peer = websocket.create_connection(
        f"wss://localhost:{site.proxy.port}/ws?session_id=session_socket&cursor=0",
        timeout=10,
        origin=site.proxy.url,
        header=[f"X-Session-Token: {token}"],
        sslopt={"ca_certs": str(site.proxy.certificate)},
    )
    peer.send(json.dumps({"type": "ping"}))
    agent(site, "POST", "outbox", {"session_id": "session_socket", "response": "By socket"})
    seen = ""
    while "By socket" not in seen:
        seen = peer.recv()
    peer.close()


def test_the_figures_are_not_for_the_world(site: Site) -> None:
    assert call(site, "GET", "/metrics")[0] == 404


def test_nginx_refuses_in_json_too(site: Site) -> None:
    connection = site.proxy.connection()
    connection.putrequest("POST", f"{CHAT}messages")
    connection.putheader("Content-Length", str(300 << 20))
    connection.endheaders()
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    assert (answer.status, told["success"], told["error_code"]) == (413, False, "too_large")


@needs_nginx
def test_a_bridge_that_is_away_is_told_in_json(tmp_path: Path) -> None:
    with proxy(tmp_path / "nginx", free_port(), free_port()) as alone:
        connection = alone.connection()
        connection.request("GET", "/api/v1/health")
        answer = connection.getresponse()
        told = json.loads(answer.read())
        connection.close()
    assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    assert (told["code"], told["error_code"], told["retry_after"]) == (503, "unavailable", 5)
