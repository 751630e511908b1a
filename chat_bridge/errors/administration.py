"""What administrators ask for that cannot be."""

from chat_bridge.errors.requests import Conflict, NotFound


class AgentExists(Conflict):
    code, text = "agent_exists", "There is already an agent '{agent}'."


class AgentStays(Conflict):
    code = "agent_stays"
    text = "The agent '{agent}' belongs to the bridge and cannot be removed; it can be inactive."


class AgentInUse(Conflict):
    code = "agent_in_use"
    text = "The agent '{agent}' has conversations and cannot be removed; make it inactive."


class ChangeNotFound(NotFound):
    code, text = "change_not_found", "There is no change of a setting with this number."


class CannotUndo(Conflict):
    code, text = "cannot_undo", "This change cannot be undone: {reason}."
