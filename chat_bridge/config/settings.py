"""Every setting, its default and what it may be; `bridge.example.yml` says what each is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address
from pathlib import Path

from chat_bridge.config.kinds import KIND, Kind, choice, key, path, quota, text, url, whole, words


@dataclass(frozen=True)
class Settings:
    """`sources` say where the environment or the file names one. Numbers are default, lowest and
    highest; the first choice is the default."""

    data_dir: Path = path("data")
    database: Path = path("bridge.db")
    host: str = text("127.0.0.1")
    port: int = whole(8001, 1, 65_535)
    admin_key: str = key()
    agent_key: str = key()
    public_url: str = url()
    rate_limits: str = choice("on", "off")
    limit_messages: str = quota("120000/minute")
    limit_reads: str = quota("120000/minute")
    limit_uploads: str = quota("120/minute")
    limit_agents: str = quota("120000/minute")
    limit_admin: str = quota("600/minute")
    limit_wrong_keys: str = quota("100/minute")
    limit_unknown_sessions: str = quota("300/minute")
    limit_wrong_passwords: str = quota("60/hour")
    session_tokens: str = choice("compat", "required")
    access: str = choice("private", "open")
    sign_in: str = choice("off", "offered", "required")
    guest_message_limit: int = whole(3, 1, 1_000_000)
    legacy_lease: int = whole(300, 1, 43_200)
    stream_timeout: int = whole(60, 1, 3_600)
    max_attempts: int = whole(5, 1, 1_000)
    max_upload_mb: int = whole(256, 1, 4_096)
    session_quota_mb: int = whole(4_096, 0, 10_000_000)
    key_quota_mb: int = whole(0, 0, 10_000_000)
    total_quota_mb: int = whole(0, 0, 10_000_000)
    max_message_chars: int = whole(10_000, 1, 1_000_000)
    max_body_kb: int = whole(256, 1, 65_536)
    max_outbox_mb: int = whole(2, 1, 1_024)
    max_sockets: int = whole(5_000, 1, 1_000_000)
    max_sockets_per_ip: int = whole(100, 1, 1_000_000)
    trusted_hops: int = whole(0, 0, 10)
    trusted_hosts: tuple[str, ...] = words()
    cors_origins: tuple[str, ...] = words("*")
    web_workers: int = whole(2, 1, 64)
    web_threads: int = whole(16, 1, 256)
    job_workers: int = whole(1, 0, 64)
    job_seconds: int = whole(600, 1, 86_400)
    operation_seconds: int = whole(120, 1, 3_600)
    max_operations: int = whole(64, 1, 10_000)
    result_hours: int = whole(24, 1, 8_760)
    page_agent: str = text("sheets")
    session_timeout: int = whole(86_400, 60, 315_360_000)
    retention_days: int = whole(0, 0, 36_500)
    engine: str = choice("local")
    store: str = choice("sqlite")
    files: str = choice("folder")
    log_level: str = choice("info", "debug", "warning", "error")
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, kw_only=True)

    def __post_init__(self) -> None:
        """A relative path is one inside the data folder."""
        object.__setattr__(self, "database", self.data_dir / self.database)

    def placed_as(self, first: "Settings") -> "Settings":
        """These settings with the place of the first ones, and still with where each was named."""
        placed = replace(self, data_dir=first.data_dir, host=first.host, port=first.port)
        object.__setattr__(placed, "database", first.database)
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

    @property
    def loopback(self) -> bool:
        """Whether only this machine can connect."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


KINDS: Mapping[str, Kind] = {
    one.name: one.metadata[KIND] for one in fields(Settings) if KIND in one.metadata
}
