"""One tree of errors: each class is a fact with a stable code, an HTTP status and a sentence.

Raise the fact with keywords (`UnknownColumn(column="mail", nearest="email")`); the sentence is
built from them, the keywords travel as `details`.
"""

from typing import ClassVar


class BridgeError(Exception):
    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    text: ClassVar[str] = "Something went wrong on our side."

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.details = details
        self.message = message or self.text.format_map(_Shown(details))
        super().__init__(self.message)


class _Shown(dict[str, object]):
    """Lets a sentence name a keyword that was not given."""

    def __missing__(self, key: str) -> str:
        return "?"


class BadRequest(BridgeError):
    code, status, text = "bad_request", 400, "The request is not valid."


class MissingAction(BadRequest):
    code, text = "missing_action", "Missing action parameter"


class UnknownAction(BadRequest):
    code, text = "invalid_action", "Invalid action"


class InvalidJson(BadRequest):
    code, text = "invalid_json", "Invalid JSON"


class UnknownFrame(BadRequest):
    code, text = "unknown_type", "There is no frame of type '{type}'."


class MissingFields(BadRequest):
    code, text = "missing_fields", "Missing required fields"


class MissingSessionId(BadRequest):
    code, text = "missing_session_id", "Missing session_id"


class InvalidSessionId(BadRequest):
    code, text = "invalid_session_id", "Invalid session ID"


class InvalidMessage(BadRequest):
    code, text = "invalid_message", "Invalid message"


class InvalidResponse(BadRequest):
    code, text = "invalid_response", "Invalid response"


class InvalidSession(BadRequest):
    code, text = "invalid_session", "Invalid session"


class InvalidField(BadRequest):
    code, text = "invalid_field", "The field '{field}' is not valid: {reason}."


class RepeatedParameter(BadRequest):
    code, text = "repeated_parameter", "The parameter '{parameter}' is given more than once."


class UntrustedHost(BadRequest):
    code, text = "untrusted_host", "This host name is not one the server answers for."


class Unauthenticated(BridgeError):
    code, status, text = "authentication_required", 401, "Authentication required"


class InvalidKey(Unauthenticated):
    code, text = "invalid_key", "Invalid API key"


class SessionTokenRequired(Unauthenticated):
    code = "session_token_required"
    text = "This conversation is protected: send its session token."


class Forbidden(BridgeError):
    code, status, text = "forbidden", 403, "This key may not do that."


class MissingScope(Forbidden):
    code, text = "missing_scope", "This key lacks the scope '{scope}'."


class ForeignOrigin(Forbidden):
    code, text = "foreign_origin", "Requests from this origin are not allowed."


class NotFound(BridgeError):
    code, status, text = "not_found", 404, "Endpoint not found"


class SessionNotFound(NotFound):
    code, text = "session_not_found", "Session not found"


class JobNotFound(NotFound):
    code, text = "job_not_found", "Job not found"


class FileNotFound(NotFound):
    code, text = "file_not_found", "There is no file named '{name}' in this conversation."


class AgentNotFound(NotFound):
    code, text = "agent_not_found", "There is no agent '{agent}'."


class MessageNotFound(NotFound):
    code, text = "message_not_found", "There is no message {message_id}."


class MethodNotAllowed(BridgeError):
    code, status, text = "method_not_allowed", 405, "Method not allowed"


class Conflict(BridgeError):
    code, status, text = "conflict", 409, "Somebody else was faster."


class IdempotencyConflict(Conflict):
    code = "idempotency_conflict"
    text = "This idempotency key was already used with another body."


class LeaseLost(Conflict):
    code = "lease_lost"
    text = "The lease on message {message_id} is not yours any more; nothing was changed."


class JobFinished(Conflict):
    code, text = "job_finished", "The job has already ended ({status})."


class JobRunning(Conflict):
    code, text = "job_running", "The job has not ended yet ({status})."


class CursorExpired(BridgeError):
    code, status = "cursor_expired", 410
    text = "Events before {oldest} are no longer kept; start again from the snapshot."


class TooLarge(BridgeError):
    code, status, text = "too_large", 413, "The body is larger than the limit of {limit}."


class UnsupportedMediaType(BridgeError):
    code, status = "unsupported_media_type", 415
    text = "The request's content type or encoding is not supported."


class Unprocessable(BridgeError):
    code, status, text = "unprocessable", 422, "The request cannot be carried out."


class TooManyRequests(BridgeError):
    code, status, text = "rate_limited", 429, "Rate limit exceeded"


class Unavailable(BridgeError):
    code, status, text = "unavailable", 503, "The server is busy; try again in a moment."


class DatabaseBusy(Unavailable):
    code, text = "database_busy", "The database is busy; try again in a moment."


class OutOfSpace(BridgeError):
    code, status = "insufficient_storage", 507
    text = "The server is running out of disk space; nothing was stored."


class CommandError(Unprocessable):
    """A command that cannot run. `position` counts characters from 0 in the text, `nearest`
    is the right spelling when one is close."""

    code, text = "invalid_command", "This command cannot be read."


class UnknownCommand(CommandError):
    code, text = "unknown_command", "There is no command '/{command}'."


class BadSyntax(CommandError):
    code, text = "bad_syntax", "The command cannot be read at position {position}: {reason}."


class BadArgument(CommandError):
    code, text = (
        "invalid_argument",
        "The argument '{argument}' of /{command} is not valid: {reason}.",
    )


class MissingArgument(CommandError):
    code, text = "missing_argument", "/{command} needs '{argument}'."


class UnknownColumn(CommandError):
    code, text = "unknown_column", "There is no column '{column}'."


class UnknownSheet(CommandError):
    code, text = "unknown_sheet", "There is no sheet '{sheet}'; there are {sheets}."


class BadSheetName(CommandError):
    code, text = "bad_sheet_name", "'{sheet}' cannot be the name of a sheet: {reason}."


class MissingFile(CommandError):
    code, text = "missing_file", "There is no spreadsheet to work on yet: attach one first."


class FileRefused(Unprocessable):
    """A file that is not read: wrong kind, hostile, or beyond a limit."""

    code, text = "file_refused", "The file '{name}' cannot be read."


class UnsupportedFileType(FileRefused):
    code = "unsupported_file_type"
    text = "'{name}' is not a kind of file we read; allowed are {allowed}."


class WrongFileKind(FileRefused):
    code, text = "wrong_file_kind", "'{name}' is not a {expected}: it is {actual}."


class FileDamaged(FileRefused):
    code, text = "file_damaged", "'{name}' is damaged: {reason}."


class EmptyFile(FileRefused):
    code, text = "empty_file", "The file '{name}' is empty."


class UnpackedTooLarge(FileRefused):
    code = "file_too_large_unpacked"
    text = "'{name}' would unpack to {actual}; the limit is {limit}."


class FileHasDtd(FileRefused):
    code = "file_has_dtd"
    text = "'{name}' contains a document type definition, which is never read."


class SheetTooLarge(FileRefused):
    code, text = "sheet_too_large", "'{name}' is too large: {actual}; the limit is {limit}."


class BadCsv(FileRefused):
    code, text = "bad_csv", "'{name}' cannot be read as a table: {reason}."


class JobFailed(BridgeError):
    """The run of a job ended without a result."""

    code, status, text = "job_failed", 422, "The job failed."


class JobTimedOut(JobFailed):
    code, text = "job_timed_out", "The job took longer than {seconds} s and was stopped."


class JobCancelled(JobFailed):
    code, text = "job_cancelled", "The job was cancelled."


class OutputTooLarge(JobFailed):
    code, text = "output_too_large", "The result is larger than {limit}."


class SchemaTooNew(BridgeError):
    code, status = "schema_too_new", 500
    text = (
        "The database '{path}' was written by a newer Chat Bridge (schema {found}, this program "
        "knows {known}). Start the newer version, or restore a snapshot made before the upgrade."
    )


class BadSetting(BridgeError):
    code, status = "bad_setting", 500
    text = "{source}: '{key}' is not valid: {reason}."
