"""How long each page of the console takes over 100,000 messages in 10,000 sessions, with
the real server: `python -m bench.pages`. Bulk SQL makes the database in a few seconds."""

import http.cookiejar
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from bench.servers import Server, bridge

SESSIONS, MESSAGES = 10_000, 100_000
TIMES = 9
GOAL_MS = 150
PASSWORD = "a password for the bench"
PAGES = (
    "/admin/",
    "/admin/inbox",
    "/admin/inbox?tab=all",
    "/admin/inbox?tab=all&q=9999",
    "/admin/inbox?after=5000",
    "/admin/inbox/session_00042",
    "/admin/sessions",
    "/admin/sessions?q=session_0999",
    "/admin/sessions?q=no+such+words",
    "/admin/sessions?status=expired",
    "/admin/sessions/session_00042",
    "/admin/sessions/session_00042?raw=1",
    "/admin/outbox",
    "/admin/outbox?kind=error",
    "/admin/agents",
    "/admin/keys",
    "/admin/settings",
    "/admin/users",
)
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)"
STAMP = "strftime('%Y-%m-%dT%H:%M:%S.000Z', 'now', '-' || ((:count - i) * 2) || ' seconds')"
FILL = (
    (
        SESSIONS,
        f"""{NUMBERS}
        INSERT INTO web_chat_sessions (session_id, chat_id, uid, title, created_at, last_activity,
            status)
        SELECT printf('session_%05d', i), printf('00000000-0000-4000-8000-%012d', i),
            printf('%016x', i), 'Question number ' || i, {STAMP}, {STAMP},
            CASE i % 5 WHEN 0 THEN 'expired' ELSE 'active' END FROM n""",
    ),
    (
        MESSAGES,
        f"""{NUMBERS}
        INSERT INTO web_chat_messages (session_id, message, timestamp, stamped_at, uid, state,
            processed)
        SELECT printf('session_%05d', i % {SESSIONS}), 'Where is it? ' || hex(randomblob(40)),
            {STAMP}, {STAMP}, 'u',
            CASE WHEN i % 5 = 2 AND i >= 90000 THEN 'pending' ELSE 'done' END,
            NOT (i % 5 = 2 AND i >= 90000)
        FROM n""",
    ),
    (
        MESSAGES,
        f"""{NUMBERS}
        INSERT INTO web_chat_responses (session_id, response_id, response, response_data,
            message_id, kind, timestamp, stamped_at)
        SELECT printf('session_%05d', i % {SESSIONS}), 'r' || i, 'It **leaves** today.', '', i,
            'text', {STAMP}, {STAMP} FROM n""",
    ),
    (
        MESSAGES,
        """INSERT INTO events (session_id, kind, audience, message_id, payload, created_at)
        SELECT session_id, 'message.leased', 'visitor', id, '{"agent":"default"}', stamped_at
        FROM web_chat_messages WHERE :count""",
    ),
)


def fill(database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None, timeout=30)
    connection.execute("BEGIN IMMEDIATE")
    for count, statement in FILL:
        connection.execute(statement, {"count": count})
    connection.execute("COMMIT")
    connection.close()


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
            fill(folder / "bridge" / "bridge.db")
            took = time.perf_counter() - began
            print(f"{MESSAGES:,} messages in {SESSIONS:,} sessions made in {took:.1f} s")
            opener = signed_in(server, {"CHAT_BRIDGE_DATA_DIR": str(folder / "bridge")})
            print(f"{'page':45} {'median ms':>9} {'KB':>6}")
            for page in PAGES:
                median, size = measure(opener, f"http://127.0.0.1:{server.port}{page}")
                told = "" if median < GOAL_MS else f"   over {GOAL_MS} ms"
                print(f"{page:45} {median:9.1f} {size / 1024:6.1f}{told}")


if __name__ == "__main__":
    main()
