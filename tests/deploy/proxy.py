"""Debian's nginx with the site that is shipped, on free ports and in a folder of its own."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from tests.servers import free_port

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
needs_nginx = pytest.mark.skipif(
    NGINX is None and not os.environ.get("CI"),
    reason="nginx is not installed; .ci/run installs it",
)
AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """`port` speaks https; `plain` only says where https is."""

    port: int
    plain: int
    certificate: Path

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def connection(self, seconds: float = 30) -> HTTPConnection:
        return HTTPSConnection("localhost", self.port, timeout=seconds, context=self.trust)


@contextmanager
def proxy(folder: Path, to: int, port: int) -> Iterator[Proxy]:
    """Yields as soon as it answers, with or without a bridge behind it."""
    folder.mkdir()
    running = Proxy(port, free_port(), certificate(folder))
    (folder / "site.conf").write_text(site(running, folder, to))
    user = "" if os.geteuid() else "user root;"  # the folders of a test are its own
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_until_up(running)
        yield running
    finally:
        process.terminate()
        process.wait(20)


def site(running: Proxy, folder: Path, to: int) -> str:
    """What is shipped, but for names, ports and the place of the certificate."""
    text = SITE.read_text()
    for shipped, here in (
        ("listen 80;", f"listen 127.0.0.1:{running.plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{running.port} ssl http2;"),
        ("server 127.0.0.1:8001;", f"server 127.0.0.1:{to};"),
        ("/etc/letsencrypt/live/chat.example.org/", f"{folder}/"),
        ("server_name chat.example.org;", "server_name localhost;"),
    ):
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    return text


def certificate(folder: Path) -> Path:
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder / "fullchain.pem"


def wait_until_up(running: Proxy) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", running.port), 5).close()
        except OSError:
            assert time.monotonic() < end, "nginx did not come up"
            time.sleep(0.05)
        else:
            return
