"""What every command that needs settings does first."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from chat_bridge import app
from chat_bridge.cli.banner import show
from chat_bridge.config import PREFIX, Settings
from chat_bridge.domain.first_start import FirstStart
from chat_bridge.errors import BadSetting, SchemaTooNew

config_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    help="Settings file (default: CHAT_BRIDGE_CONFIG, else bridge.yml here).",
)
PREPARED = "--prepared"
prepared_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    PREPARED, "is_prepared", is_flag=True, hidden=True, help="`up` has made everything ready."
)


def loaded(config: str | None) -> Settings:
    """Checked settings; child processes are told of the same file."""
    if config:
        os.environ[PREFIX + "CONFIG"] = str(Path(config).resolve())
    try:
        return app.settings_from(Path(config) if config else None)
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


def prepared(config: str | None) -> tuple[Settings, FirstStart]:
    """Settings, with the database ready and keys in place."""
    settings = loaded(config)
    try:
        return settings, app.prepare(settings)
    except (SchemaTooNew, BadSetting, OSError) as error:
        raise click.ClickException(str(error)) from error


def ready(config: str | None, *, is_prepared: bool) -> Settings:
    """For a process of its own: prepares and shows what is new, unless `up` has done so."""
    if is_prepared:
        return loaded(config)
    settings, first = prepared(config)
    show(settings, first)
    return settings
