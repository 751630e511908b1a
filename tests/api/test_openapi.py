"""The OpenAPI document: valid, complete, and served as it is made."""

import json
import re
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.routing import Rule

from chat_bridge.api import openapi
from chat_bridge.api.actions import ACTIONS
from chat_bridge.model.access import TABLE, access_of
from chat_bridge.workflow import registry
from tests import contract
from tests.wire.caller import Caller

ROOT = Path(__file__).parents[2]
RULES = sorted(contract.api().url_map.iter_rules(), key=lambda rule: rule.rule)


def methods(rule: Rule) -> set[str]:
    """Those that do anything: an action's address takes all, to refuse them in its own words."""
    real = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    if access_of(contract.api().view_functions[rule.endpoint]) != TABLE:
        return real
    name = (rule.defaults or {}).get("name")
    return real & (set(ACTIONS[name].methods) if name else {"GET", "POST"})


def test_it_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(contract.document()).validate()
    assert contract.document()["openapi"].startswith("3.1.")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.endpoint} {rule.rule}")
def test_a_route_is_in_it_with_all_its_methods(rule: Rule) -> None:
    """Say with `shape` what the new route takes and answers."""
    described = contract.document()["paths"].get(openapi.template(rule), {})
    assert {name.lower() for name in methods(rule)} <= described.keys()


@pytest.mark.parametrize(("name", "method"), contract.actions())
def test_an_action_says_its_shape(name: str, method: str) -> None:
    assert openapi.shape_of(ACTIONS[name].methods[method]) is not None
    operation = contract.document()["paths"][f"/api/v1/{name}"][method.lower()]
    assert operation["summary"]
    assert ("requestBody" in operation) <= (method == "POST")


def test_operations_have_names_of_their_own() -> None:
    every = [
        operation["operationId"]
        for path in contract.document()["paths"].values()
        for operation in path.values()
    ]
    assert len(every) == len(set(every))
    assert [name for name in every if not re.fullmatch(r"\w+", name)] == []


def test_the_commands_of_the_registry_are_in_it() -> None:
    schema = contract.document()["components"]["schemas"]["Operation"]
    names = [operation.name for operation in registry.operations()]
    assert schema["properties"]["name"]["enum"] == names


def test_it_is_served_and_the_page_about_the_wire_leads_there(ada: Caller) -> None:
    answer = ada.call("GET", openapi.PATH)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json == json.loads(json.dumps(contract.document()))
    assert openapi.PATH in (ROOT / "docs/api.md").read_text()


class TestTheCheckItself:
    """It can fail."""

    PATH = "/api/v1/agents"

    def held(self, body: object, path: str = PATH, status: int = 200) -> None:
        contract.check("GET", path, status, "application/json", json.dumps(body).encode())

    def test_knows_the_shape(self, ada: Caller) -> None:
        good = ada.call("GET", self.PATH).json
        self.held(good)
        good["data"]["agents"][0]["colour"] = "green"
        with pytest.raises(AssertionError, match="colour"):
            self.held(good)
        del good["data"]["agents"][0]["colour"], good["data"]["agents"][0]["slug"]
        with pytest.raises(AssertionError, match="slug"):
            self.held(good)

    def test_knows_the_error(self, ada: Caller) -> None:
        bad = ada.call("GET", "/api/v1/nothing").json
        self.held(bad, status=404)
        with pytest.raises(AssertionError):
            self.held({**bad, "error_code": None}, status=404)

    def test_knows_the_address(self) -> None:
        with pytest.raises(AssertionError, match="not in the OpenAPI"):
            self.held({}, path="/api/v1/unheard/of")
        with pytest.raises(AssertionError):
            contract.check("GET", self.PATH, 200, "text/html", b"")
