"""How a call's end looks on the wire."""

import re
from collections.abc import Mapping
from typing import Any

from chat_bridge.api.envelope import failure, success_bytes
from chat_bridge.api.operations.endpoints import Endpoint
from chat_bridge.domain.items import Links
from chat_bridge.errors import BridgeError, UnknownColumn, by_code
from chat_bridge.model import CallOutcome
from chat_bridge.ports import Reply

NO_COLUMN = re.compile(
    r"^(There (?:is|are)|The second file has) no columns? ('.*?'(?:, '.*?')*)(?=[;,.]|$)", re.DOTALL
)
NOUN = re.compile(r"(\d+)([^\d\[]*)\[(.+?)\|(.+?)\]")
ALWAYS = ("warnings", "preview", "preview_text", "previewed_rows", "rows_of_the_file")


def body(
    endpoint: Endpoint, echoed: Mapping[str, Any], outcome: CallOutcome, links: Links
) -> bytes:
    if outcome.error is not None:
        kind = by_code(outcome.error_code)
        return refused(endpoint, kind(outcome.error, **outcome.details))
    facts = _facts(outcome, links)
    facts |= {name: value for name, value in echoed.items() if name in facts}
    data = facts[endpoint.whole] if endpoint.whole else _picked(endpoint, facts)
    total = int(facts.get(endpoint.total, 0)) if "statements" in facts else 0
    message = _message(endpoint, facts)
    return success_bytes(data, message=message, total=total)


def _message(endpoint: Endpoint, facts: Mapping[str, Any]) -> str:
    if "previewed_rows" in facts:
        message = "A preview of the first {previewed_rows} [row|rows]; nothing was stored."
    else:
        message = endpoint.message
    return NOUN.sub(_one_or_many, message.format_map(facts))


def _one_or_many(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}{found[3] if found[1] == '1' else found[4]}"


def refused(endpoint: Endpoint, error: BridgeError) -> Reply:
    """The founding servers' status and sentence, where they are a fact of the contract."""
    worded(error)
    response = failure(error, status=400 if _is_bad_request(endpoint, error) else None)
    told = {n: v for n, v in response.headers.items() if n == "Retry-After"}
    return Reply.of(response.get_data(), response.status_code, told)


def worded(error: BridgeError) -> None:
    """A column that is not there, as programs have looked for it in the sentence."""
    found = NO_COLUMN.match(error.message) if isinstance(error, UnknownColumn) else None
    if found:
        where = "data" if found[1].startswith("There") else "the second file"
        word = "Columns" if " no columns " in found[0] else "Column"
        error.message = f"{word} {found[2]} not found in {where}{error.message[found.end() :]}"


def _is_bad_request(endpoint: Endpoint, error: BridgeError) -> bool:
    wrong = "column" if isinstance(error, UnknownColumn) else error.details.get("argument")
    return error.status == 422 and wrong in endpoint.bad_requests


def _facts(outcome: CallOutcome, links: Links) -> dict[str, Any]:
    facts = dict(outcome.data)
    if "file_name" in facts:
        facts["file_path"] = f"uploads/{facts['file_name']}"
    for file in outcome.files:
        facts["download_url"] = links.result(file.name)
        if "report" in facts:
            facts["output_file"] = file.name
    if outcome.warnings:
        facts["warnings"] = list(outcome.warnings)
    return facts


def _picked(endpoint: Endpoint, facts: Mapping[str, Any]) -> dict[str, Any]:
    if endpoint.answers == ("*",):
        return dict(facts)
    return {name: facts[name] for name in (*endpoint.answers, *ALWAYS) if name in facts}
