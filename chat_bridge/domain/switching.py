"""A conversation that turns from one agent to another says so, to its visitor and to both."""

import secrets

from chat_bridge.model import Agent
from chat_bridge.ports import NewEvent, ResponseRow, Store


def announce(store: Store, session_id: str, old: Agent, new: Agent, *, timestamp: str) -> None:
    """A line in the transcript, and an event that agents who listen get as well."""
    row = ResponseRow(
        session_id=session_id, response_id=secrets.token_hex(16),
        response=f"You are now talking to {new.name}.", message_id=None, kind="system",
        timestamp=timestamp, idempotency_key=None, body_hash=None,
        metadata={"agent": new.slug, "previous_agent": old.slug},
    )  # fmt: skip
    response_id = store.responses.add(row)
    for kind, answer, facts in (
        ("response.created", response_id, {}),
        ("session.updated", None, {"agent": new.slug, "previous_agent": old.slug}),
    ):
        store.events.add(NewEvent(session_id, kind, timestamp, response_id=answer, payload=facts))
