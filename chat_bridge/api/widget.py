"""/widget/init, config and health: what the founding servers' embeddable widget asks for."""

from flask import Blueprint, Response, request

from chat_bridge.api import guards, parse
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import FLAG, FREE, TEXT, many, record
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

CONFIG = {"apiKey": TEXT} | {
    name: FLAG if isinstance(value, bool) else TEXT for name, value in DEFAULTS.items()
}
WIDGET = record(
    config=record(**CONFIG),
    assets=record(css=TEXT, js=TEXT, icons=TEXT),
    api=record(baseUrl=TEXT, endpoint=TEXT),
)
CHOSEN = record(**dict.fromkeys(CHOICES, many(TEXT)), defaults=FREE)


def routes(api: Blueprint, bridge: Bridge) -> None:
    @open_to(PUBLIC)
    @shape("a widget's settings, echoed", query=dict.fromkeys(CONFIG, TEXT), data=WIDGET)
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
    @shape("what a widget may be set to", data=CHOSEN)
    def config() -> Response:
        found = {**CHOICES, "defaults": DEFAULTS}
        return success(found, message="Configuration options loaded")

    @open_to(PUBLIC)
    @shape("the words old widgets look for", data=record(**dict.fromkeys(HEALTH, TEXT)))
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
