import json
import os
import platform
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from chat_bridge import app
from chat_bridge.app import services
from chat_bridge.cli.options import config_option
from chat_bridge.config import KNOWN_KEYS, ROOT, Settings
from chat_bridge.domain import check_up, room, times
from chat_bridge.domain.check_up import Finding
from chat_bridge.domain.passwords import PUBLISHED, Passwords
from chat_bridge.errors import BadSetting, BridgeError
from chat_bridge.store import adoption
from chat_bridge.store.catalogue import Catalogue
from chat_bridge.store.migrate import known
from chat_bridge.store.onlooker import Onlooker, looking_at
from chat_bridge.store.suspicion import damage_of

MARKS = {"ok": "ok     ", "warning": "warning", "failed": "FAILED "}
OF_OTHERS = 0o077
QUERIES = ROOT / "db" / "queries"
ADMINS_LOOKED_AT = 5


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of findings.")
@config_option
def doctor(*, as_json: bool, config: str | None) -> None:
    """Look at configuration, permissions, versions, disk and clock; changes nothing."""
    findings = list(_findings(config))
    well = check_up.well(findings)
    if as_json:
        shown = [{"name": f.name, "status": f.verdict, "text": f.text} for f in findings]
        click.echo(json.dumps({"ok": well, "checks": shown}, indent=2))
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.verdict]}  {finding.name}: {finding.text}")
    sys.exit(0 if well else 1)


def _findings(config: str | None) -> Iterator[Finding]:
    yield from check_up.versions(
        sys.version_info[:3], sqlite3.sqlite_version_info, platform.system()
    )
    try:
        settings = app.settings_from(Path(config) if config else None)
    except BadSetting as error:
        yield Finding("configuration", "failed", str(error))
        return
    named = ", ".join(sorted(settings.given)) or "nothing, all defaults"
    yield Finding("configuration", "ok", f"names {named}")
    yield from check_up.exposure(
        settings.public_url, settings.loopback, tokens=settings.session_tokens,
        limits=settings.rate_limits, hops=settings.trusted_hops,
    )  # fmt: skip
    yield from _folder(settings.data_dir)
    yield from _database(settings)
    yield from _room(settings)


def _folder(folder: Path) -> Iterator[Finding]:
    there = _there(folder)
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("data_dir", "failed", f"this user may not write in {there}")
    elif there != folder:
        yield Finding("data_dir", "ok", f"{folder} will be made")
    elif folder.stat().st_mode & OF_OTHERS:
        yield Finding("data_dir", "warning", f"others may look into {folder}: chmod 700")
    else:
        yield Finding("data_dir", "ok", str(folder))
    usage = shutil.disk_usage(there)
    yield check_up.space(usage.free, usage.total)


def _there(folder: Path) -> Path:
    """Itself, or where it will be made."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _database(settings: Settings) -> Iterator[Finding]:
    path, now = settings.database, int(time.time() * 1000)
    if not path.exists():
        yield Finding("database", "ok", f"{path} will be made")
        yield check_up.clock(now, None)
        return
    try:
        yield from _trust(settings)
        found = adoption.examine(path)
        with looking_at(path, QUERIES) as onlooker:
            yield _version(path, found, onlooker)
            yield check_up.clock(now, _newest(found, onlooker))
            yield from _published(found, onlooker)
            yield from _known_passwords(found, onlooker)
    except (BridgeError, sqlite3.Error, OSError) as error:
        yield Finding("database", "failed", f"{path}: {error}")
    if path.exists() and path.stat().st_mode & OF_OTHERS:
        yield Finding("database", "warning", f"others may read {path}: chmod 600")


def _trust(settings: Settings) -> Iterator[Finding]:
    """Reads all of a database that is marked as suspect; the mark stays."""
    why = services.suspect(settings)
    if why and (damage := damage_of(settings.database)):
        text = (
            f"{settings.database} is damaged ({damage}): put a backup in its place (marked {why})"
        )
        yield Finding("database", "failed", text)
    elif why:
        text = f"marked as suspect: {why}; it reads as whole, so the next start takes the mark away"
        yield Finding("database", "warning", text)


def _room(settings: Settings) -> Iterator[Finding]:
    files, used = 0, 0
    try:
        if (
            settings.database.exists()
            and "operation_files" in adoption.examine(settings.database).tables
        ):
            with looking_at(settings.database, QUERIES) as onlooker:
                files, used = onlooker.room()
    except (BridgeError, sqlite3.Error, OSError):
        return  # said of the database already
    free = shutil.disk_usage(_there(settings.data_dir)).free
    yield from check_up.room(room.usage(files, used, free=free, quotas=services.quotas(settings)))


def _version(path: Path, found: Catalogue, onlooker: Onlooker) -> Finding:
    newest = known(ROOT / "db" / "migrations" / "sqlite")[-1][0]
    if found.foreign:
        return Finding("database", "ok", f"{path} is another program's and will be adopted")
    if not found.ours:
        return Finding("database", "ok", f"{path} is empty")
    version = onlooker.schema_version()
    if version is not None and version > newest:
        text = f"{path} was written by a newer Chat Bridge (schema {version}, known is {newest})"
        return Finding("database", "failed", text)
    return Finding("database", "ok", f"{path}, schema {version} of {newest}")


def _newest(found: Catalogue, onlooker: Onlooker) -> int | None:
    if not found.ours or "events" not in found.tables:
        return None
    text = onlooker.newest_moment()
    return times.milliseconds(text) if text else None


def _published(found: Catalogue, onlooker: Onlooker) -> Iterator[Finding]:
    for name in ("api_key", "admin_key") if "system_config" in found.tables else ():
        if onlooker.setting(name) in KNOWN_KEYS:
            text = f"{name} in system_config is a published default; here it opens nothing"
            yield Finding(name, "warning", text)


def _known_passwords(found: Catalogue, onlooker: Onlooker) -> Iterator[Finding]:
    """Of administrators, and of the first ones only: each takes a moment to find out."""
    users = found.tables.get("users")
    if users is None or not {"username", "password_hash", "role", "is_active"} <= set(
        users.columns
    ):
        return
    for name, kept in onlooker.first_administrators(ADMINS_LOOKED_AT):
        if any(Passwords().matches(kept, known) for known in PUBLISHED):
            text = f"{name} has the password of every founding installation, which opens nothing"
            yield Finding(
                "users", "warning", f"{text} here: chat-bridge user reset-password {name}"
            )
