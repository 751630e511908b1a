"""A wrong setting is named with its place and what is allowed, and nothing starts."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.programs import NOBODY, environment, run

WRONG_VARIABLES = {
    "PORT": ("eighty", "1 to 65535"),
    "WEB_WORKERS": ("0", "1 to 64"),
    "LOG_LEVEL": ("loud", "debug, error, info, warning"),
    "SESSION_TOKENS": ("maybe", "compat, required"),
    "PUBLIC_URL": ("chat.example.org", "http(s)://"),
    "ADMIN_KEY": ("short", "8 characters"),
    "AGENT_KEY": ("free0ps", "published"),
}
WRONG_LINES = {
    "port: 70000": ("port", "1 to 65535"),
    "prot: 8001": ("prot", "port"),
    "access: open\nhost: 0.0.0.0": ("access", "loopback"),
    "- port": ("file", "name: value"),
    "port: [": ("file", "YAML"),
}


@pytest.mark.parametrize("name", WRONG_VARIABLES)
@pytest.mark.parametrize("command", ["up", "worker"])
def test_a_wrong_variable(tmp_path: Path, name: str, command: str) -> None:
    value, allowed = WRONG_VARIABLES[name]
    ended = run(command, env=environment(tmp_path / "data", **{name: value}))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"environment variable CHAT_BRIDGE_{name}: '{name.lower()}'" in ended.stderr
    assert allowed in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("lines", WRONG_LINES)
def test_a_wrong_file(tmp_path: Path, lines: str) -> None:
    key, allowed = WRONG_LINES[lines]
    config = tmp_path / "wrong.yml"
    config.write_text(lines)
    ended = run("up", "--config", str(config), env=environment(tmp_path / "data"))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"'{key}'" in ended.stderr
    assert allowed in ended.stderr
    assert str(config) in ended.stderr or key == "access"
    assert not (tmp_path / "data").exists()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yml"
    ended = run("up", "--config", str(missing), env=environment(tmp_path / "data"))
    assert ended.returncode == 1
    assert str(missing) in ended.stderr


@pytest.mark.parametrize("by", ["option", "variable", "folder"])
def test_where_settings_are_read_from(tmp_path: Path, by: str) -> None:
    """The environment wins over the file; the file names the data folder here."""
    config = tmp_path / ("bridge.yml" if by == "folder" else "mine.yml")
    config.write_text("data_dir: chosen\nlog_level: error\n")
    env = environment(tmp_path / "unused")
    del env["CHAT_BRIDGE_DATA_DIR"]
    given = ("--config", str(config)) if by == "option" else ()
    if by == "variable":
        env["CHAT_BRIDGE_CONFIG"] = str(config)
    ended = run("key", "list", *given, env=env, folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "chosen" / "bridge.db").exists()


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that another user may look into, and no more."""
    folder = Path(tempfile.mkdtemp(prefix="chat-bridge-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("what", ["parent", "folder", "database"])
def test_a_folder_we_may_not_write(elsewhere: Path, what: str) -> None:
    """Said in a sentence that names the place."""
    data = elsewhere / "data"
    if what != "parent":
        assert run("key", "list", env=environment(data)).returncode == 0
        data.chmod(0o755 if what == "folder" else 0o777)
        for file in data.iterdir():
            file.chmod(0o666 if file.name.endswith(".lock") else 0o444)
    ended = as_nobody("key", "list", data=data)
    assert ended.returncode == 1
    assert str(data) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
