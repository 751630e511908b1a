"""The wheel alone, with what it declares to need and nothing else, runs the whole product."""

import os
import re
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from chat_bridge.client import Client
from tests.servers import RunningBridge

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*build, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def clean_python(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """An environment with the wheel and the packages it requires, which are linked in rather than
    downloaded: the test needs no network and still notices a requirement nobody declared."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    (packages,) = folder.glob("lib/python*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (installed,) = packages.glob("chat_bridge-*.dist-info")
    for needed in closure(Distribution.at(installed)):
        link(needed, packages)
    return python


def closure(root: Distribution) -> Iterator[Distribution]:
    """Every distribution that this one needs, and that those need."""
    seen: set[str] = set()
    waiting = [root]
    while waiting:
        for text in waiting.pop().requires or ():
            wanted = Requirement(text)
            if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
                continue
            if wanted.name.lower() not in seen:
                seen.add(wanted.name.lower())
                needed = distribution(wanted.name)
                waiting.append(needed)
                yield needed


def link(needed: Distribution, packages: Path) -> None:
    for name in {file.parts[0] for file in needed.files or ()} - {"..", "__pycache__"}:
        target = Path(str(needed.locate_file(name)))
        if not (packages / name).exists():
            (packages / name).symlink_to(target)


@pytest.fixture
def packaged(clean_python: Path, tmp_path: Path) -> Iterator[RunningBridge]:
    running = RunningBridge(tmp_path / "data")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {k: v for k, v in running.environment.items() if k != "PYTHONPATH"}
    with (tmp_path / "output.txt").open("wb") as output:
        running.process = subprocess.Popen(
            [clean_python.with_name("chat-bridge"), "up"],
            cwd=elsewhere, env=environment, stdout=output, stderr=output,
        )  # fmt: skip
    (running.data_dir).mkdir(exist_ok=True)
    (running.data_dir / "output.txt").symlink_to(tmp_path / "output.txt")
    running.wait_until_ready()
    yield running
    running.stop()
    assert list(elsewhere.iterdir()) == []


def test_the_environment_is_a_clean_one(clean_python: Path) -> None:
    program = "import chat_bridge, sys; print(chat_bridge.__file__); import pytest"
    done = subprocess.run(
        [clean_python, "-c", program], capture_output=True, text=True, cwd="/",
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )  # fmt: skip
    assert done.stdout.startswith(str(clean_python.parents[1]))
    assert "No module named 'pytest'" in done.stderr


def test_the_wheel_runs_from_an_empty_folder(packaged: RunningBridge) -> None:
    page = fetched(packaged.url + "/")
    assets = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))', page)
    assert {name.rpartition(".")[2] for name in assets} >= {"css", "js"}
    for name in assets:
        assert fetched(packaged.url + name)
    with Client(packaged.url, packaged.agent_key) as client:
        session = client.open_session(agent="default").session_id
        client.send(session, "Hello from a wheel")
        (message,) = client.inbox(wait=5)
        client.reply(message, "Hello to a wheel")
        assert client.responses(session).responses[0].text == "Hello to a wheel"


def test_the_wheel_carries_out_a_command(packaged: RunningBridge, tmp_path: Path) -> None:
    table = tmp_path / "customers.csv"
    table.write_text("name,city\nAda,London\nBob,Berlin\n")
    with Client(packaged.url) as visitor:
        session = visitor.open_session(agent="sheets").session_id
        name = visitor.send_file(session, table).name
        visitor.send(session, "/search city=Berlin", attachments=[name])
        (answer,) = visitor.responses(session, wait=30).responses
        assert answer.kind == "result"
        assert visitor.read_file(session, answer.attachments[0].name) == b"name,city\nBob,Berlin\n"


def fetched(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
        text: str = answer.read().decode("utf-8", "replace")
        return text
