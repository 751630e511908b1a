"""Keys that the settings give live as long as the settings give them."""

import pytest

from chat_bridge.domain.first_start import FirstStart, first_start
from chat_bridge.domain.keys import AGENT_SCOPES
from chat_bridge.errors import InvalidKey
from tests.builders import House

MARYS, GRACES = "marys-key-of-the-settings", "graces-key-of-the-settings"


def start(house: House, **configured: str) -> FirstStart:
    return first_start(
        house.store, house.clock, house.keys, configured=configured, published={"ObeyG1ant"}
    )


def test_a_key_ends_with_its_setting_and_a_new_one_is_made(house: House) -> None:
    assert "agent" not in start(house, agent=MARYS).keys
    house.keys.authorise(MARYS, "inbox")
    made = start(house).keys["agent"]
    with pytest.raises(InvalidKey):
        house.keys.authenticate(MARYS)
    house.keys.authorise(made, "inbox")
    assert "agent" not in start(house).keys


def test_a_key_comes_back_with_its_setting(house: House) -> None:
    for configured in ({"agent": MARYS}, {}, {"agent": MARYS}, {"agent": MARYS}):
        start(house, **configured)
    house.keys.authorise(MARYS, "inbox")


def test_another_key_in_the_setting_replaces_it(house: House) -> None:
    start(house, agent=MARYS)
    start(house, agent=GRACES)
    house.keys.authorise(GRACES, "inbox")
    with pytest.raises(InvalidKey):
        house.keys.authenticate(MARYS)


def test_a_key_given_through_the_wire_outlives_a_start(house: House) -> None:
    start(house)
    house.settings.put({"api_key": GRACES})
    start(house)
    house.keys.authorise(GRACES, "inbox")


def test_a_key_made_by_hand_outlives_the_setting(house: House) -> None:
    start(house, agent=MARYS)
    made = house.keys.create("Charles", AGENT_SCOPES)
    start(house)
    house.keys.authorise(made, "inbox")
    assert not {name for name in house.settings.shown() if name.startswith("adopted")}
