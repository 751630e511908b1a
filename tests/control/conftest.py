from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import control
from chat_bridge.config import ROOT
from chat_bridge.domain.live import Live
from control import Assets, Pages, PageSettings, bootstrap_folder
from tests.builders import ADA, House, new_house, new_live


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
            max_upload_bytes=25 << 20,
        )
        live = new_live(house.store, Live(retention_days=retention_days))
        templates, words = ROOT / "templates", ROOT / "static" / "i18n" / "en.json"
        return Pages(
            house.agents, house.sessions, house.logins, house.accounts, house.guests,
            live, assets, settings, templates, words,
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
