"""How long each page of the console takes over 100,000 messages in 10,000 sessions and what goes
with them (`bench/filled.py`), with the real server: `python -m bench.pages [part of a path]`."""

import http.cookiejar
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from bench.filled import ENTRIES, JOBS, MESSAGES, SESSIONS, fill
from bench.servers import Server, bridge

TIMES = 9
GOAL_MS = 150
PASSWORD = "a password for the bench"
PAGES = (
    "/admin/",
    "/admin/inbox",
    "/admin/inbox?tab=all",
    "/admin/inbox?tab=all&q=9999",
    "/admin/inbox?after=5000",
    "/admin/inbox?tab=snoozed",
    "/admin/inbox?tab=all&tag=tag+7",
    "/admin/find?q=session_00042",
    "/admin/canned-replies",
    "/admin/inbox/session_00042",
    "/admin/sessions",
    "/admin/sessions?q=session_0999",
    "/admin/sessions?q=no+such+words",
    "/admin/sessions?q=leaves+today",
    "/admin/sessions?status=expired",
    "/admin/sessions/session_00042",
    "/admin/sessions/session_00042?raw=1",
    "/admin/outbox",
    "/admin/outbox?kind=error",
    "/admin/outbox?state=fetched",
    "/admin/outbox?session=session_00042",
    "/admin/jobs",
    "/admin/jobs?status=failed",
    "/admin/jobs?session=session_00042",
    "/admin/jobs/job_000042",
    "/admin/dead-letters",
    "/admin/dead-letters/message?reason=Reason+number+3",
    "/admin/dead-letters/job?reason=Worker+gone",
    "/admin/dead-letters/aside",
    "/admin/files",
    "/admin/files?q=customers-77",
    "/admin/files?q=no+such+name",
    "/admin/users",
    "/admin/users?q=person19",
    "/admin/agents",
    "/admin/agents/agent-7",
    "/admin/keys",
    "/admin/keys?state=revoked",
    "/admin/settings",
    "/admin/audit",
    "/admin/audit?q=no+such+words",
    "/admin/audit?action=conversation.reply",
    "/admin/logs",
    "/admin/logs?q=no+such+words",
    "/admin/logs?request=req-00000042",
    "/admin/maintenance",
)


def signed_in(server: Server, environment: dict[str, str]) -> urllib.request.OpenerDirector:
    command = [
        sys.executable,
        "-m",
        "chat_bridge",
        "user",
        "add",
        "bench",
        "--role",
        "admin",
        "--ask",
    ]
    subprocess.run(
        command, input=PASSWORD.encode(), env=environment, check=True, capture_output=True
    )
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    base = f"http://127.0.0.1:{server.port}"
    form = opener.open(f"{base}/login").read().decode()
    found = re.search(r'name="csrf_token" value="(\w+)"', form)
    assert found is not None
    body = {"csrf_token": found[1], "username": "bench", "password": PASSWORD}
    opener.open(f"{base}/login", urllib.parse.urlencode(body).encode()).read()
    return opener


def measure(opener: urllib.request.OpenerDirector, url: str) -> tuple[float, int]:
    taken, size = [], 0
    for _ in range(TIMES):
        began = time.perf_counter()
        size = len(opener.open(url).read())
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), size


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as name:
        folder = Path(name)
        with bridge(folder) as server:
            began = time.perf_counter()
            fill(folder / "bridge")
            took = time.perf_counter() - began
            made = (
                f"{MESSAGES:,} messages in {SESSIONS:,} sessions, {JOBS:,} jobs, {ENTRIES:,} acts"
            )
            print(f"{made}: made in {took:.1f} s")
            opener = signed_in(server, {"CHAT_BRIDGE_DATA_DIR": str(folder / "bridge")})
            print(f"{'page':45} {'median ms':>9} {'KB':>6}")
            wanted = sys.argv[1] if len(sys.argv) > 1 else ""
            for page in (page for page in PAGES if wanted in page):
                median, size = measure(opener, f"http://127.0.0.1:{server.port}{page}")
                told = "" if median < GOAL_MS else f"   over {GOAL_MS} ms"
                print(f"{page:45} {median:9.1f} {size / 1024:6.1f}{told}")


if __name__ == "__main__":
    main()
