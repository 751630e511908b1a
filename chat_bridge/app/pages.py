"""What the pages are given."""

from urllib.parse import urlsplit

from chat_bridge.config import ROOT, Settings
from chat_bridge.domain.bridge import Bridge
from control import Assets, Pages, PageSettings, bootstrap_folder


def pages(bridge: Bridge, settings: Settings) -> Pages:
    static = ROOT / "static"
    return Pages(
        agents=bridge.agents,
        sessions=bridge.sessions,
        logins=bridge.logins,
        accounts=bridge.accounts,
        guests=bridge.guests,
        live=bridge.settings.live,
        assets=Assets(static, bootstrap_folder()),
        settings=PageSettings(
            cookie_name=bridge.door.cookie_name,
            secure=bridge.door.secure,
            max_upload_bytes=bridge.door.max_upload_bytes,
            login_cookie=bridge.door.login_cookie,
            public_url=bridge.door.public_url,
            widget_parents=settings.cors_origins,
            public_host=urlsplit(bridge.door.public_url).netloc,
        ),
        templates=ROOT / "templates",
        words=static / "i18n" / "en.json",
    )
