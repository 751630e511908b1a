"""Whether we may listen where we are told to, before anything is started or shown."""

import errno
import os
import socket
import time

import click

from chat_bridge.config import Settings

PATIENCE_SECONDS = 2.0  # what a bridge that is just ending may still take
PAUSE_SECONDS = 0.1
FIRST_GIVEN = 3  # as systemd hands sockets over


def given() -> tuple[int, ...]:
    """Listening sockets that whoever started us (or the `up` above us) was handed by its starter,
    who holds them on: nobody is refused while we are being replaced."""
    if os.environ.get("LISTEN_PID") not in (str(os.getpid()), str(os.getppid())):
        return ()
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return tuple(range(FIRST_GIVEN, FIRST_GIVEN + count))


def adopt() -> None:
    """The sockets `up` was given are for its part that serves."""
    if given():
        os.environ["LISTEN_PID"] = str(os.getpid())


def check_free(settings: Settings) -> None:
    if given():
        return
    where = f"{settings.host}:{settings.port}"
    give_up = time.monotonic() + PATIENCE_SECONDS
    while (error := _refused(settings.host, settings.port)) is not None:
        if error.errno != errno.EADDRINUSE:
            raise click.ClickException(f"Cannot listen on {where}: {error.strerror}.")
        if time.monotonic() > give_up:
            raise click.ClickException(
                f"Something listens on {where} already (another Chat Bridge?). End it, or choose "
                f"another port: CHAT_BRIDGE_PORT={settings.port + 1}"
            )
        time.sleep(PAUSE_SECONDS)


def _refused(host: str, port: int) -> OSError | None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error
    return None
