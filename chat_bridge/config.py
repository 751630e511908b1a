"""Settings: environment over `bridge.yml` over default, into one frozen, validated value.

Every field is documented in `bridge.example.yml`; its environment form is CHAT_BRIDGE_<NAME>.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import yaml

from chat_bridge.errors import BadSetting

BUNDLE = Path(__file__).parent / "_bundle"
ROOT = BUNDLE if BUNDLE.is_dir() else Path(__file__).parent.parent
PREFIX = "CHAT_BRIDGE_"
# Published in the founding documents' source code: whoever read it could sign in.
KNOWN_KEYS = frozenset({"ObeyG1ant", "FreeUkra1ne", "free0ps", "your-secret-key-here", "changeme"})
SHORTEST_KEY = 8
OTHER_VARIABLES = frozenset({"config", "url", "session_token"})  # of the command line and client
QUOTA = re.compile(r"[1-9]\d{0,8}/(?:second|minute|hour|day)", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """`sources` say where the environment or the file names one."""

    sources: ClassVar[Mapping[str, str]] = {}
    data_dir: Path = Path("data")
    database: Path = Path("bridge.db")
    host: str = "127.0.0.1"
    port: int = 8001
    admin_key: str = ""
    agent_key: str = ""
    public_url: str = ""
    rate_limits: str = "on"
    limit_messages: str = "120000/minute"
    limit_reads: str = "120000/minute"
    limit_uploads: str = "120/minute"
    limit_agents: str = "120000/minute"
    limit_admin: str = "600/minute"
    limit_wrong_keys: str = "100/minute"
    limit_unknown_sessions: str = "300/minute"
    limit_wrong_passwords: str = "60/hour"
    session_tokens: str = "compat"
    access: str = "private"
    sign_in: str = "off"
    guest_message_limit: int = 3
    legacy_lease: int = 300
    stream_timeout: int = 60
    max_attempts: int = 5
    max_upload_mb: int = 256
    session_quota_mb: int = 4_096
    key_quota_mb: int = 0
    total_quota_mb: int = 0
    max_message_chars: int = 10_000
    max_body_kb: int = 256
    max_outbox_mb: int = 2
    max_sockets: int = 5_000
    max_sockets_per_ip: int = 100
    trusted_hops: int = 0
    trusted_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ("*",)
    web_workers: int = 2
    web_threads: int = 16
    job_workers: int = 1
    job_seconds: int = 600
    operation_seconds: int = 120
    max_operations: int = 64
    result_hours: int = 24
    page_agent: str = "sheets"
    session_timeout: int = 86_400
    retention_days: int = 0
    engine: str = "local"
    store: str = "sqlite"
    files: str = "folder"
    log_level: str = "info"

    def __post_init__(self) -> None:
        """A relative path is one inside the data folder."""
        object.__setattr__(self, "database", self.data_dir / self.database)

    def placed_as(self, first: "Settings") -> "Settings":
        """These settings with the place of the first ones, and still with where each was named."""
        placed = replace(self, data_dir=first.data_dir, host=first.host, port=first.port)
        object.__setattr__(placed, "database", first.database)
        object.__setattr__(placed, "sources", self.sources)
        return placed

    @property
    def given(self) -> frozenset[str]:
        """Those that are named somewhere."""
        return frozenset(self.sources)

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")


CHOICES: dict[str, tuple[str, ...]] = {
    "rate_limits": ("on", "off"),
    "session_tokens": ("compat", "required"),
    "access": ("private", "open"),
    "sign_in": ("off", "offered", "required"),
    "engine": ("local",),
    "store": ("sqlite",),
    "files": ("folder",),
    "log_level": ("debug", "info", "warning", "error"),
}
RANGES: dict[str, tuple[int, int]] = {
    "port": (1, 65535),
    "guest_message_limit": (1, 1_000_000),
    "legacy_lease": (1, 43_200),
    "stream_timeout": (1, 3_600),
    "max_attempts": (1, 1_000),
    "max_upload_mb": (1, 4_096),
    "session_quota_mb": (0, 10_000_000),
    "key_quota_mb": (0, 10_000_000),
    "total_quota_mb": (0, 10_000_000),
    "max_message_chars": (1, 1_000_000),
    "max_body_kb": (1, 65_536),
    "max_outbox_mb": (1, 1_024),
    "max_sockets": (1, 1_000_000),
    "max_sockets_per_ip": (1, 1_000_000),
    "trusted_hops": (0, 10),
    "web_workers": (1, 64),
    "web_threads": (1, 256),
    "job_workers": (0, 64),
    "job_seconds": (1, 86_400),
    "operation_seconds": (1, 3_600),
    "max_operations": (1, 10_000),
    "result_hours": (1, 8_760),
    "session_timeout": (60, 315_360_000),
    "retention_days": (0, 36_500),
}


def load(config: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks every setting; BadSetting names the source, the key and what is allowed."""
    environment = os.environ if environment is None else environment
    path = config or _configured_path(environment)
    values: dict[str, tuple[str, Any]] = {}
    if path is not None:
        values |= {key: (str(path), value) for key, value in _file(path).items()}
    for name, value in environment.items():
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and key not in OTHER_VARIABLES:
            values[key] = (f"environment variable {name}", value)
    known = {field.name for field in fields(Settings)}
    checked = {}
    for key, (source, value) in values.items():
        if key not in known:
            raise BadSetting(source=source, key=key, reason=_unknown(source, key, known))
        checked[key] = _checked(source, key, value)
    settings = Settings(**checked)
    object.__setattr__(settings, "sources", {key: values[key][0] for key in checked})
    _check_together(settings)
    return settings


def read_again(key: str, text: str) -> Any:
    """A setting as the shared table says it."""
    return _checked("system_config", key, text)


def _unknown(source: str, key: str, known: set[str]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    if not near:
        return f"unknown; known are {_list(known)}"
    variable = source.startswith("environment")
    meant = PREFIX + near[0].upper() if variable else near[0]
    return f"unknown; did you mean {meant}? Known are {_list(known)}"


def _configured_path(environment: Mapping[str, str]) -> Path | None:
    named = environment.get(PREFIX + "CONFIG")
    if named:
        return Path(named)
    usual = Path("bridge.yml")
    return usual if usual.exists() else None


def _file(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting(source=str(path), key="file", reason=error.strerror) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSetting(source=str(path), key="file", reason=f"not YAML ({error})") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise BadSetting(source=str(path), key="file", reason="expected `name: value` lines")
    return {str(key): value for key, value in content.items()}


def _checked(source: str, key: str, value: Any) -> Any:
    if key in RANGES:
        return _number(source, key, value)
    if key in ("trusted_hosts", "cors_origins"):
        parts = value if isinstance(value, list) else str(value or "").split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())
    if isinstance(value, bool):  # YAML reads a bare on/off as a boolean
        value = "on" if value else "off"
    text = "" if value is None else str(value).strip()
    if key in CHOICES and text not in CHOICES[key]:
        raise BadSetting(source=source, key=key, reason=f"allowed are {_list(CHOICES[key])}")
    if key in ("admin_key", "agent_key"):
        return _secret(source, key, text)
    if key.startswith("limit_"):
        return _quota(source, key, text)
    if key == "public_url":
        return _url(source, key, text)
    return Path(text) if key in ("data_dir", "database") else text


def _number(source: str, key: str, value: Any) -> int:
    low, high = RANGES[key]
    reason = f"expected a whole number from {low} to {high}"
    try:
        number = int(str(value))
    except ValueError as error:
        raise BadSetting(source=source, key=key, reason=reason) from error
    if isinstance(value, bool) or not low <= number <= high:
        raise BadSetting(source=source, key=key, reason=reason)
    return number


def _secret(source: str, key: str, text: str) -> str:
    if text in KNOWN_KEYS:
        raise BadSetting(source=source, key=key, reason="this key is published; choose another")
    if text and len(text) < SHORTEST_KEY:
        raise BadSetting(
            source=source, key=key, reason=f"at least {SHORTEST_KEY} characters are needed"
        )
    return text


def _quota(source: str, key: str, text: str) -> str:
    if not QUOTA.fullmatch(text):
        raise BadSetting(source=source, key=key, reason="expected a form like 600/minute")
    return text


def _url(source: str, key: str, text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query):
        raise BadSetting(source=source, key=key, reason="expected http(s)://host[:port][/path]")
    return text.rstrip("/")


def _check_together(settings: Settings) -> None:
    if settings.access == "open" and not is_loopback(settings.host):
        raise BadSetting(
            source="settings", key="access", reason="`open` is allowed on a loopback host only"
        )


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _list(names: Any) -> str:
    return ", ".join(sorted(names))
