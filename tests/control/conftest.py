from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import control
from chat_bridge.config import ROOT
from control import Assets, Pages, PageSettings, bootstrap_folder
from tests.builders import ADA, House, new_house


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path)


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets(ROOT / "static", bootstrap_folder())


@pytest.fixture
def pages(house: House, assets: Assets) -> Callable[..., Pages]:
    def build(*, secure: bool = False, retention_days: int = 0) -> Pages:
        settings = PageSettings(
            cookie_name="__Host-cb_visitor" if secure else "cb_visitor",
            secure=secure,
            login_cookie="__Host-cb_login" if secure else "cb_login",
            page_agent="sheets",
            max_upload_bytes=25 << 20,
            max_message_chars=10_000,
            retention_days=retention_days,
        )
        templates, words = ROOT / "templates", ROOT / "static" / "i18n" / "en.json"
        return Pages(
            house.agents, house.sessions, house.logins, house.accounts, house.guests,
            assets, settings, templates, words,
        )  # fmt: skip

    return build


@pytest.fixture
def app(pages: Callable[..., Pages]) -> Flask:
    return application(pages())


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("cb_visitor", ADA.secret or "")
    return client


def application(pages: Pages) -> Flask:
    app = Flask("chat_bridge", static_folder=None)
    app.register_blueprint(control.blueprint(pages))
    return app
