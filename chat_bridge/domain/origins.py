"""Where a browser says a request comes from."""

from collections.abc import Container
from urllib.parse import urlsplit

OWN = ("same-origin", "none")


def foreign(origin: str | None, fetch_site: str | None, own: Container[str]) -> bool:
    """Whether another site's page sent it. No word on it is not foreign: programs say nothing,
    and neither does a page whose policy hides it; those have a token to show."""
    if fetch_site is not None:
        return fetch_site not in OWN
    if origin is None or origin == "null":
        return False
    return urlsplit(origin).netloc not in own
