"""/widget/init, config and health: what the founding servers' embeddable widget asks for."""

from flask import Blueprint, Response, request

from chat_bridge.api import guards, parse
from chat_bridge.api.envelope import success
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import ApiKeyMissing
from chat_bridge.model.access import PUBLIC, open_to

DEFAULTS = {
    "position": "bottom-right",
    "theme": "light",
    "title": "Chat with us",
    "primaryColor": "#007bff",
    "language": "en",
    "autoOpen": False,
    "notifications": True,
    "sound": True,
}
CHOICES = {
    "positions": ["bottom-right", "bottom-left", "top-right", "top-left"],
    "themes": ["light", "dark", "auto"],
    "languages": ["en", "es", "fr", "de", "it", "pt", "ru", "zh", "ja", "ko"],
}
HEALTH = {"status": "healthy", "version": "1.0.0", "api_status": "connected"}


def routes(api: Blueprint, bridge: Bridge) -> None:
    @open_to(PUBLIC)
    def init() -> Response:
        """The key is echoed as the old widget expects, and means nothing: pages hold no keys."""
        given = parse.query(request)
        if not given.get("apiKey"):
            raise ApiKeyMissing
        config = {"apiKey": given["apiKey"]} | {
            name: _like(default, given.get(name)) for name, default in DEFAULTS.items()
        }
        base = guards.links(bridge, request).base
        static = f"{base}/widget/static"
        assets = {
            "css": f"{static}/css/widget.css",
            "js": f"{static}/js/chat-widget.js",
            "icons": f"{static}/assets/icons/chat-icon.svg",
        }
        address = {"baseUrl": base, "endpoint": "/api/v1/"}
        return success({"config": config, "assets": assets, "api": address})

    @open_to(PUBLIC)
    def config() -> Response:
        found = {**CHOICES, "defaults": DEFAULTS}
        return success(found, message="Configuration options loaded")

    @open_to(PUBLIC)
    def health() -> Response:
        bridge.store.ping()
        return success(HEALTH)

    for name, view in (("init", init), ("config", config), ("health", health)):
        api.add_url_rule(f"/widget/{name}", f"widget_{name}", view)
        api.add_url_rule(f"/widget/{name}.php", f"widget_{name}", view)


def _like(default: object, text: str | None) -> object:
    if text is None:
        return default
    return text.lower() == "true" if isinstance(default, bool) else text
