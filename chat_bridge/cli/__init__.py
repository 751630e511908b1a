"""The command line: one file a command."""

import os

import click

from chat_bridge import __version__
from chat_bridge.cli.audit import audit
from chat_bridge.cli.backup import backup
from chat_bridge.cli.doctor import doctor
from chat_bridge.cli.imports import import_
from chat_bridge.cli.key import key
from chat_bridge.cli.send import send
from chat_bridge.cli.serve import serve
from chat_bridge.cli.tail import tail
from chat_bridge.cli.up import up
from chat_bridge.cli.user import user
from chat_bridge.cli.worker import worker


@click.group()
@click.version_option(__version__, prog_name="chat-bridge")
def main() -> None:
    """Chat Bridge: visitors write, agents answer, commands run on spreadsheets."""
    os.umask(0o077)  # the data folder is nobody else's business


for command in (up, serve, worker, key, user, audit, backup, doctor, import_, tail, send):
    main.add_command(command)
