"""Settings from the environment and a YAML file. The environment's form is CHAT_BRIDGE_<NAME>."""

import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from chat_bridge.config.settings import KINDS, Settings
from chat_bridge.errors import BadSetting

PREFIX = "CHAT_BRIDGE_"
OTHER_VARIABLES = frozenset({"config", "url", "session_token"})  # of the command line and client


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
    checked = {key: _checked(source, key, value) for key, (source, value) in values.items()}
    settings = Settings(**checked, sources={key: source for key, (source, _) in values.items()})
    _check_together(settings)
    return settings


def read_again(key: str, text: str) -> Any:
    """A setting as the shared table says it."""
    return _checked("system_config", key, text)


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
    if key not in KINDS:
        raise BadSetting(source=source, key=key, reason=_unknown(source, key))
    try:
        return KINDS[key].read(value)
    except ValueError as error:
        raise BadSetting(source=source, key=key, reason=str(error)) from error


def _unknown(source: str, key: str) -> str:
    near = get_close_matches(key, KINDS, n=1, cutoff=0.5)
    if not near:
        return f"unknown; known are {_list(KINDS)}"
    variable = source.startswith("environment")
    meant = PREFIX + near[0].upper() if variable else near[0]
    return f"unknown; did you mean {meant}? Known are {_list(KINDS)}"


def _check_together(settings: Settings) -> None:
    if settings.access == "open" and not settings.loopback:
        raise BadSetting(
            source="settings", key="access", reason="`open` is allowed on a loopback host only"
        )


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
