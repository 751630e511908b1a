"""The other files that are shipped for a deployment: what can be checked of them is."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from chat_bridge.config import KINDS, PREFIX, load
from tests.servers import RunningBridge
from tests.wire import caller

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "deploy.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
BUNDLED = ("db", "static", "templates")
NGINX_CONF = Path("/etc/nginx/nginx.conf")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_units_are_understood_and_tight(tmp_path: Path) -> None:
    units = [tmp_path / "chat-bridge.service", tmp_path / "chat-bridge.socket"]
    for unit in units:
        text = (DEPLOY / unit.name).read_text()
        unit.write_text(text.replace("/opt/chat-bridge/.venv/bin/chat-bridge", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, units)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(units[0])]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:]


def test_the_socket_is_where_the_bridge_is() -> None:
    shipped = f"{load(environment={}).host}:{load(environment={}).port}"
    assert f"ListenStream={shipped}\n" in (DEPLOY / "chat-bridge.socket").read_text()
    assert f"server {shipped};" in (DEPLOY / "nginx.conf").read_text()


def test_the_image_names_what_is_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for names in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        assert [name for name in names.split() if not (ROOT / name).exists()] == []
    given = dict(re.findall(r"(CHAT_BRIDGE_\w+)=(\S+)", text))
    assert load(environment=given).host == "0.0.0.0"


def test_the_image_installs_what_it_copies(tmp_path: Path) -> None:
    """The last step of the Dockerfile, on nothing but what the steps before it have copied."""
    text = (DEPLOY / "Dockerfile").read_text()
    for names, target in re.findall(r"^COPY (.+) (\S+)$", text, re.MULTILINE):
        for name in names.split():
            source, copy = ROOT / name, tmp_path / "image" / target / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, tmp_path / "image" / target, ignore=ignored)
            else:
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, copy)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    done = subprocess.run([*build, str(tmp_path / "image")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = [
        f"{'chat_bridge/_bundle/' if place in BUNDLED else ''}{path.relative_to(ROOT)}"
        for place in ("chat_bridge", "control", *BUNDLED)
        for path in (ROOT / place).rglob("*.*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [name for name in wanted if name not in packed] == []


def test_compose_gives_known_settings_and_few_rights() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]["chat-bridge"]
    known = {f"{PREFIX}{name.upper()}" for name in KINDS}
    assert set(service["environment"]) <= known
    empty = {
        name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value)
        for name, value in service["environment"].items()
    }
    load(environment=empty)
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert (ROOT / "deploy" / service["build"]["context"] / service["build"]["dockerfile"]).exists()


@pytest.mark.parametrize("block", BLOCKS)
def test_commands_of_the_page_are_a_shells(block: str) -> None:
    done = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    for name in re.findall(r"/opt/chat-bridge/((?:deploy|docs)/\S+)", block):
        assert (ROOT / name).exists()


def test_the_settings_of_the_page_are_settings(tmp_path: Path) -> None:
    (text,) = re.findall(r"bridge\.yml <<'END'\n(.*?)END", PAGE, re.DOTALL)
    config = tmp_path / "bridge.yml"
    config.write_text(text)
    assert load(config, {}).secure


@pytest.mark.skipif(not NGINX_CONF.exists(), reason="nginx is not installed")
def test_debians_nginx_takes_the_numbers_of_the_page(tmp_path: Path) -> None:
    copy = tmp_path / "nginx.conf"
    copy.write_text("worker_processes 1;\nevents {\n\tworker_connections 768;\n}\n")
    lines = [line for block in BLOCKS for line in block.splitlines() if str(NGINX_CONF) in line]
    for line in lines * 2:
        subprocess.run(line.replace(str(NGINX_CONF), str(copy)), shell=True, check=True)
    text = copy.read_text()
    assert (text.count("worker_rlimit_nofile"), "worker_connections 8192;" in text) == (1, True)
    assert "worker_connections 768;" in NGINX_CONF.read_text()


def test_a_backup_made_at_work_is_restored(bridge: RunningBridge, tmp_path: Path) -> None:
    ada = caller.visitor(bridge)
    said = ada.say("session_kept", "Please keep this").data
    (file,) = ada.upload("session_kept", "list.csv", b"name\nAda\n").data["files"]
    archive, folder = tmp_path / "today.tar.gz", tmp_path / "restored"
    backup = [str(DEPLOY / "backup.sh"), str(bridge.data_dir), str(archive)]
    program = Path(sys.executable).with_name("chat-bridge")
    given = {"CHAT_BRIDGE": str(program), "PATH": "/usr/sbin:/usr/bin:/bin"}
    subprocess.run(backup, check=True, env=given)
    assert [path.name for path in tmp_path.iterdir()] == ["today.tar.gz"]
    with tarfile.open(archive) as found:
        found.extractall(folder, filter="data")
    restored = RunningBridge(folder, {"CHAT_BRIDGE_RATE_LIMITS": "off"})
    try:
        restored.start()
        kept = caller.admin(restored).get("session_messages", session_id="session_kept")
        assert said["message_id"] in [m["id"] for m in kept.data["messages"]]
        path = "/" + file["download_url"].split("/", 3)[3]
        assert caller.visitor(restored).call("GET", path).body == b"name\nAda\n"
    finally:
        restored.stop()


def test_a_backup_of_nothing_is_none(tmp_path: Path) -> None:
    backup = [str(DEPLOY / "backup.sh"), str(tmp_path), str(tmp_path / "today.tar.gz")]
    done = subprocess.run(backup, capture_output=True, text=True)
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])
