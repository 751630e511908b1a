"""The ?action= table: every action of the bridge, in one list."""

from chat_bridge.api.actions import (
    cleanup,
    config,
    events,
    inbox,
    messages,
    outbox,
    responses,
    sessions,
)
from chat_bridge.api.call import Action

ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        messages.ACTION,
        responses.ACTION,
        events.ACTION,
        *inbox.ACTIONS,
        *outbox.ACTIONS,
        *sessions.ACTIONS,
        config.ACTION,
        *cleanup.ACTIONS,
    )
}
