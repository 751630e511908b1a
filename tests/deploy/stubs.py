"""What a test machine has in the place of systemd, git, pip and root's other tools: the commands of
`docs/deploy.md` run against a folder that stands for `/`."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.cli.programs import alive

ROOT = Path(__file__).parents[2]
PARTS = ("chat_bridge", "control", "db", "deploy", "static", "templates", "bridge.example.yml")
NEXT = """ALTER TABLE web_chat_messages ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm';
CREATE TABLE moods (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
"""
PROGRAM = """#!/bin/sh
PYTHONPATH={release} exec {python} -m chat_bridge "$@"
"""
PATIENCE_SECONDS = 60


def git(words: list[str]) -> int:
    """`git clone REPOSITORY FOLDER`: this release, or for a second one the next, whose database
    has another column and another table."""
    release = Path(words[-1])
    for part in PARTS:
        source = ROOT / part
        ignored = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, release / part, ignore=ignored)
        else:
            shutil.copy(source, release)
    (release / "requirements.txt").touch()
    if release.name.endswith("-2"):
        migrations = release / "db" / "migrations" / "sqlite"
        newest = int(max(path.name for path in migrations.glob("[0-9]*.sql"))[:4])
        (migrations / f"{newest + 1:04d}_moods.sql").write_text(NEXT)
    return 0


def python3(words: list[str]) -> int:
    """`python3 -m venv FOLDER`: its programs are those of the test's own environment."""
    folder = Path(words[-1]) / "bin"
    folder.mkdir(parents=True)
    for name, text in (
        ("pip", "#!/bin/sh\n"),
        ("chat-bridge", PROGRAM.format(release=Path(words[-1]).parent, python=sys.executable)),
    ):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return 0


def systemctl(words: list[str]) -> int:
    deeds: dict[str, Callable[[], None]] = {"start": _start, "stop": _stop}
    for deed in {"restart": ("stop", "start")}.get(words[0], (words[0],)):
        deeds[deed]()
    return 0


def curl(words: list[str]) -> int:
    """As through the socket that systemd holds: whoever calls waits for the start."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(words[-1], timeout=5) as answer:
                return 0 if answer.status == 200 else 22
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return 7


def chown(words: list[str]) -> int:
    """There is one user."""
    return 0


def install(words: list[str]) -> int:
    """`install -d -m MODE … FOLDER`"""
    folder = Path(words[-1])
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(int(words[words.index("-m") + 1], 8))
    return 0


def _start() -> None:
    machine = Path(os.environ["MACHINE"])
    home = machine / "var/lib/chat-bridge"
    home.mkdir(parents=True, exist_ok=True)
    with (machine / "journal.txt").open("ab") as journal:
        process = subprocess.Popen(
            [machine / "opt/chat-bridge/.venv/bin/chat-bridge", "up"],
            cwd=home, env={**os.environ, "CHAT_BRIDGE_DATA_DIR": str(home / "data")},
            stdin=subprocess.DEVNULL, stdout=journal, stderr=journal, start_new_session=True,
        )  # fmt: skip
    (machine / "pid").write_text(str(process.pid))


def _stop() -> None:
    number = Path(os.environ["MACHINE"], "pid")
    if not number.exists():
        return
    pid = int(number.read_text())
    if alive(pid):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE_SECONDS
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    number.unlink()


COMMANDS = {each.__name__: each for each in (git, python3, systemctl, curl, chown, install)}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
