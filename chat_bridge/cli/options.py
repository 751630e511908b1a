"""What every command that needs settings does first."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from chat_bridge import app
from chat_bridge.app import services
from chat_bridge.cli.parent import end_with
from chat_bridge.config import PREFIX, Settings
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.first_start import FirstStart
from chat_bridge.errors import BadSetting, BridgeError, DatabaseUnreadable, DatabaseUnusable

config_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--config",
    type=click.Path(dir_okay=False),
    help="Settings file (default: CHAT_BRIDGE_CONFIG, else bridge.yml here).",
)
PREPARED = "--prepared"
DAMAGED_EXIT = 65  # what sysexits.h calls bad data: starting again does not help


class Damaged(click.ClickException):
    exit_code = DAMAGED_EXIT


prepared_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    PREPARED,
    "prepared_by",
    type=int,
    hidden=True,
    help="The `up` that made everything ready.",
)


def loaded(config: str | None) -> Settings:
    """Checked settings; child processes are told of the same file."""
    if config:
        os.environ[PREFIX + "CONFIG"] = str(Path(config).resolve())
    try:
        return app.settings_from(Path(config) if config else None)
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


def inherited(config: str | None, parent: int) -> Settings:
    """For a part of `up`: everything is ready, and ends with it."""
    end_with(parent)
    settings = loaded(config)
    with _told(settings):
        services.settle(settings)
    return settings


def prepared(settings: Settings) -> FirstStart:
    """The database is ready and keys are in place."""
    with _told(settings):
        return services.prepare(settings)


def opened(settings: Settings) -> Bridge:
    """The database is ready; keys and codes are not touched."""
    with _told(settings):
        return services.open_store(settings)


def refused(error: BridgeError) -> click.ClickException:
    """What the domain refuses, as a sentence."""
    kind = Damaged if isinstance(error, DatabaseUnreadable) else click.ClickException
    return kind(str(error))


@contextmanager
def told() -> Iterator[None]:
    try:
        yield
    except BridgeError as error:
        raise refused(error) from error


@contextmanager
def _told(settings: Settings) -> Iterator[None]:
    try:
        yield
    except DatabaseUnusable as error:
        raise _unusable(settings, error.details["reason"]) from error
    except BridgeError as error:
        raise refused(error) from error
    except OSError as error:
        where = error.filename or settings.data_dir
        raise click.ClickException(
            f"The data folder cannot be used: {where}: {error.strerror}."
        ) from error
    except sqlite3.OperationalError as error:
        raise _unusable(settings, error) from error


def _unusable(settings: Settings, reason: object) -> click.ClickException:
    return click.ClickException(f"The database cannot be used: {settings.database}: {reason}.")
