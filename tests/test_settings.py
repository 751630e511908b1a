"""Each setting, from a file and from the environment, and what is said of a wrong one."""

from pathlib import Path

import pytest

from chat_bridge.app import settings_again
from chat_bridge.config import KINDS, KNOWN_KEYS, Settings, load
from chat_bridge.errors import BadSetting

ROOT = Path(__file__).parents[1]
GOOD: list[tuple[str, str, object]] = [
    ("data_dir", "/srv/bridge", Path("/srv/bridge")),
    ("database", "/srv/control/sanctum_ui.db", Path("/srv/control/sanctum_ui.db")),
    ("host", "0.0.0.0", "0.0.0.0"),
    ("port", "9000", 9000),
    ("admin_key", "the-key-of-ada", "the-key-of-ada"),
    ("agent_key", "the-key-of-bob", "the-key-of-bob"),
    ("public_url", "https://chat.example.org/", "https://chat.example.org"),
    ("rate_limits", "off", "off"),
    ("limit_messages", "60/minute", "60/minute"),
    ("limit_reads", "5/second", "5/second"),
    ("limit_uploads", "100/hour", "100/hour"),
    ("limit_agents", "1000/day", "1000/day"),
    ("limit_admin", "60/minute", "60/minute"),
    ("limit_wrong_keys", "5/minute", "5/minute"),
    ("limit_unknown_sessions", "5/minute", "5/minute"),
    ("limit_wrong_passwords", "30/hour", "30/hour"),
    ("session_tokens", "required", "required"),
    ("access", "open", "open"),
    ("sign_in", "off", "off"),
    ("guest_message_limit", "5", 5),
    ("legacy_lease", "60", 60),
    ("max_attempts", "3", 3),
    ("max_upload_mb", "10", 10),
    ("session_quota_mb", "100", 100),
    ("key_quota_mb", "100", 100),
    ("total_quota_mb", "0", 0),
    ("max_message_chars", "500", 500),
    ("max_body_kb", "64", 64),
    ("max_outbox_mb", "1", 1),
    ("max_sockets", "100", 100),
    ("max_sockets_per_ip", "10", 10),
    ("trusted_hops", "1", 1),
    (
        "trusted_hosts",
        "chat.example.org,help.example.org",
        ("chat.example.org", "help.example.org"),
    ),
    ("cors_origins", "https://shop.example.org", ("https://shop.example.org",)),
    ("web_workers", "4", 4),
    ("web_threads", "8", 8),
    ("job_workers", "2", 2),
    ("job_seconds", "30", 30),
    ("operation_seconds", "20", 20),
    ("max_operations", "8", 8),
    ("result_hours", "2", 2),
    ("page_agent", "default", "default"),
    ("session_timeout", "3600", 3600),
    ("stream_timeout", "5", 5),
    ("retention_days", "30", 30),
    ("engine", "local", "local"),
    ("store", "sqlite", "sqlite"),
    ("files", "folder", "folder"),
    ("log_level", "debug", "debug"),
]
WRONG: list[tuple[str, str, str]] = [
    ("port", "eighty", "from 1 to 65535"),
    ("port", "0", "from 1 to 65535"),
    ("web_workers", "1.5", "from 1 to 64"),
    ("rate_limits", "sometimes", "allowed are off, on"),
    ("limit_messages", "many", "600/minute"),
    ("limit_reads", "0/minute", "600/minute"),
    ("limit_wrong_keys", "10/fortnight", "600/minute"),
    ("session_tokens", "none", "allowed are compat, required"),
    ("store", "oracle", "allowed are"),
    ("log_level", "loud", "allowed are"),
    ("admin_key", "short", "at least 8 characters"),
    ("agent_key", sorted(KNOWN_KEYS)[0], "published"),
    ("public_url", "chat.example.org", r"http\(s\)://host"),
]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no bridge.yml lies."""
    monkeypatch.chdir(tmp_path)


def test_no_setting_is_forgotten_here() -> None:
    assert sorted(name for name, _, _ in GOOD) == sorted(KINDS)


@pytest.mark.parametrize(("name", "text", "value"), GOOD, ids=[name for name, _, _ in GOOD])
def test_a_setting_is_read_from_file_and_environment(
    tmp_path: Path, name: str, text: str, value: object
) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(f"{name}: {text}\n")
    assert getattr(load(file, {}), name) == value
    assert getattr(load(None, {f"CHAT_BRIDGE_{name.upper()}": text}), name) == value


@pytest.mark.parametrize(("name", "text", "allowed"), WRONG)
def test_a_wrong_setting_is_named_with_its_source_and_what_is_allowed(
    tmp_path: Path, name: str, text: str, allowed: str
) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(f"{name}: {text}\n")
    with pytest.raises(BadSetting, match=allowed) as in_file:
        load(file, {})
    assert f"{file}: '{name}'" in str(in_file.value)
    variable = f"CHAT_BRIDGE_{name.upper()}"
    with pytest.raises(BadSetting, match=allowed) as in_environment:
        load(None, {variable: text})
    assert variable in str(in_environment.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("port: 9000\nlog_level: debug\n")
    settings = load(None, {"CHAT_BRIDGE_CONFIG": str(file), "CHAT_BRIDGE_PORT": "9001"})
    assert (settings.port, settings.log_level) == (9001, "debug")


def test_the_example_holds_the_defaults() -> None:
    assert load(ROOT / "bridge.example.yml", {}) == Settings()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("prot: 9000\n", "'prot' is not valid: unknown"),
        ("- port\n", "expected `name: value` lines"),
        ("port: [\n", "not YAML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(content)
    with pytest.raises(BadSetting, match=said):
        load(file, {})


def test_open_access_is_refused_beyond_this_machine() -> None:
    with pytest.raises(BadSetting, match="loopback"):
        load(None, {"CHAT_BRIDGE_ACCESS": "open", "CHAT_BRIDGE_HOST": "0.0.0.0"})


@pytest.mark.parametrize(
    ("variable", "meant"),
    [("CHAT_BRIDGE_PROT", "CHAT_BRIDGE_PORT"), ("CHAT_BRIDGE_DATADIR", "CHAT_BRIDGE_DATA_DIR"),
     ("CHAT_BRIDGE_MAX_UPLOAD", "CHAT_BRIDGE_MAX_UPLOAD_MB"), ("CHAT_BRIDGE_X_9", "known are")],
)  # fmt: skip
def test_a_mistyped_variable_is_named_with_the_right_one(variable: str, meant: str) -> None:
    with pytest.raises(BadSetting, match=meant) as caught:
        load(None, {variable: "1"})
    assert variable in str(caught.value)


def test_variables_of_the_client_are_no_settings() -> None:
    client = {"CHAT_BRIDGE_URL": "http://127.0.0.1:1", "CHAT_BRIDGE_SESSION_TOKEN": "x"}
    assert load(None, client) == Settings()


def test_what_is_given_is_known(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("port: 8001\n")
    settings = load(file, {"CHAT_BRIDGE_LOG_LEVEL": "debug"})
    assert settings.given == {"port", "log_level"}


def test_a_reload_stays_where_it_is_and_knows_what_was_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHAT_BRIDGE_RETENTION_DAYS", "7")
    first = load()
    monkeypatch.setenv("CHAT_BRIDGE_PORT", "9999")
    again = settings_again(first)
    assert (again.database, again.port) == (first.database, first.port)
    assert again.given == {"retention_days", "port"}
    assert again.sources["retention_days"] == "environment variable CHAT_BRIDGE_RETENTION_DAYS"


def test_the_database_lies_in_the_data_folder_unless_told() -> None:
    moved = load(None, {"CHAT_BRIDGE_DATA_DIR": "/srv/bridge"})
    assert moved.database == Path("/srv/bridge/bridge.db")
    assert load(None, {"CHAT_BRIDGE_DATABASE": "/srv/ui.db"}).database == Path("/srv/ui.db")
