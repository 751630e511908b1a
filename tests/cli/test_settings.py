"""A wrong setting is named with its place and what is allowed, and nothing starts."""

import os
from pathlib import Path

import pytest

from tests.cli.programs import environment, run

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
def test_a_wrong_variable(tmp_path: Path, name: str) -> None:
    value, allowed = WRONG_VARIABLES[name]
    ended = run("up", env=environment(tmp_path / "data", **{name: value}))
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
    env = environment(tmp_path / "data")
    del env["CHAT_BRIDGE_PORT"]
    ended = run("up", "--config", str(config), env=env)
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


# Root may write everywhere; without these capabilities it may what its bits say.
AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


@pytest.mark.parametrize("what", ["parent", "folder", "database"])
def test_a_folder_we_may_not_write(tmp_path: Path, what: str) -> None:
    """Said in a sentence that names the place."""
    data = tmp_path / "data"
    env = environment(data)
    if what != "parent":
        assert run("key", "list", env=env).returncode == 0
    closed = {"parent": [tmp_path], "folder": [data], "database": [data / "bridge.db"]}[what]
    for path in closed:
        path.chmod(path.stat().st_mode & ~0o222)
    ended = run("up", env=env, through=AS_ANYBODY if os.geteuid() == 0 else ())
    assert ended.returncode == 1
    assert str(data) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
