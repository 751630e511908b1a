"""What operators run into at their desk."""

from chat_bridge.errors.requests import BadRequest, Conflict, NotFound


class ConversationTaken(Conflict):
    code, text = "conversation_taken", "Taken by {username} {ago} ago; nothing was changed."


class NotYours(Conflict):
    code = "not_yours"
    text = "You do not hold this conversation any more; nothing was changed."


class AnsweredMeanwhile(Conflict):
    code = "answered_meanwhile"
    text = (
        "Somebody else answered while you wrote. Read it, then send your answer if it still fits."
    )


class NobodyWaits(Conflict):
    code, text = "nobody_waits", "Nobody waits in this conversation any more."


class NotResolved(Conflict):
    code = "not_resolved"
    text = "This conversation is open already: somebody wrote or took it since."


class FormUnderWay(Conflict):
    code, text = "form_under_way", "This form was sent already and is being worked on."


class FormIncomplete(BadRequest):
    code, text = "form_incomplete", "{reason}"


class CannedReplyExists(Conflict):
    code, text = "canned_reply_exists", "There is a reply called {shortcut} already."


class CannedReplyNotFound(NotFound):
    code, text = "canned_reply_not_found", "There is no such reply."


class ViewNotFound(NotFound):
    code, text = "view_not_found", "You keep no such view of the inbox."


class ResponseNotFound(NotFound):
    code, text = "response_not_found", "There is no such answer."


class NoteNotFound(NotFound):
    code, text = "note_not_found", "There is no such note."


class JobStarted(Conflict):
    code, text = "job_started", "The job waits no more ({status})."


class CommandRemoved(Conflict):
    code, text = "command_removed", "The words of this command were removed; it cannot run again."
