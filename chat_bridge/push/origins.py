from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from chat_bridge.errors import ForeignOrigin

PORTS = {"http": 80, "https": 443}
Place = tuple[str, str, int | None]


@dataclass(frozen=True)
class Origins:
    """Which pages may open a socket here. `cors` counts once it was narrowed; `trusted` says
    whether a Host header names us."""

    public_url: str | None = None
    cors: tuple[str, ...] = ("*",)
    trusted: Callable[[str], bool] = lambda host: True

    def check(self, origin: str | None, own: str, *, vouched: bool) -> None:
        """`own` is scheme and host as the request came in; without an Origin it is no browser,
        and has to bring its secret in the handshake."""
        if origin is None:
            if not vouched:
                raise ForeignOrigin
            return
        place = _place(origin)
        if place is None or place not in self._allowed(own):
            raise ForeignOrigin

    def _allowed(self, own: str) -> set[Place | None]:
        allowed = {_place(entry) for entry in self.cors if entry != "*"}
        if self.public_url:
            allowed.add(_place(self.public_url))
        here = _place(own)
        if here and self.trusted(urlsplit(own).netloc):
            allowed.add(here)
        return allowed


def _place(url: str) -> Place | None:
    try:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
            return None
        return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]
    except ValueError:
        return None
