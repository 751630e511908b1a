from collections.abc import Callable
from pathlib import Path

import pytest

from chat_bridge.model import Person
from tests.builders import House, new_house


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path)


@pytest.fixture
def person(house: House) -> Callable[[str], Person]:
    def hire(name: str) -> Person:
        return house.accounts.add(name, "operator", "test", password="blue horses at dawn")[0]

    return hire


@pytest.fixture
def ana(person: Callable[[str], Person]) -> Person:
    return person("ana")
