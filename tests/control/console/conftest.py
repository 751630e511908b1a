from collections.abc import Callable
from dataclasses import fields

import pytest
from flask import Flask
from flask.testing import FlaskClient

import control
from chat_bridge.app.services import door
from chat_bridge.config import Settings
from chat_bridge.domain.bridge import Bridge
from chat_bridge.model import Visitor
from control import Pages
from tests.builders import House
from tests.control.conftest import application
from tests.control.console.clerk import Clerk


@pytest.fixture
def app(pages: Callable[..., Pages], house: House) -> Flask:
    given = pages()
    app = application(given)
    services = {field.name: getattr(house, field.name, None) for field in fields(Bridge)}
    services |= {"door": door(Settings(data_dir=house.folder))}
    app.register_blueprint(control.console(Bridge(**services), given.settings))
    return app


@pytest.fixture
def hire(app: Flask, house: House) -> Callable[..., Clerk]:
    def sign_in(name: str = "ana", role: str = "operator") -> Clerk:
        person, _ = house.accounts.add(name, role, "test", password="blue horses at dawn")
        browser: FlaskClient = app.test_client()
        browser.set_cookie("cb_login", house.logins.begin(person, Visitor()))
        return Clerk(browser, person)

    return sign_in


@pytest.fixture
def ana(hire: Callable[..., Clerk]) -> Clerk:
    return hire()


@pytest.fixture
def anton(hire: Callable[..., Clerk]) -> Clerk:
    return hire("anton", "admin")
