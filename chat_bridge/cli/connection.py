"""The options of every command that speaks to a running bridge, and the client made of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from chat_bridge.client import Client, ClientError

OPTIONS = (
    click.option("--session", "session_id", metavar="ID", help="The session to speak about."),
    click.option(
        "--token",
        envvar="CHAT_BRIDGE_SESSION_TOKEN",
        help="The session's own token, when it is protected.",
    ),
    click.option(
        "--url", envvar="CHAT_BRIDGE_URL", help="Where the bridge is; http://127.0.0.1:8001"
    ),
    click.option("--key", envvar="CHAT_BRIDGE_AGENT_KEY", help="An agent key."),
)


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Calls the command with a `client` that already knows the session's token."""

    @wraps(command)
    def run(*, token: str | None, url: str | None, key: str | None, **given: Any) -> None:
        try:
            with Client(url, key) as client:
                if given["session_id"]:
                    client.use_session(given["session_id"], token)
                command(client=client, **given)
        except (ClientError, ValueError) as error:
            raise click.ClickException(str(error)) from error

    for option in reversed(OPTIONS):
        run = option(run)
    return run
