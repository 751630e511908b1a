"""Facts about a request."""

import errno
from collections.abc import Sequence

from chat_bridge.errors.base import BridgeError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


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


class ApiKeyMissing(BadRequest):
    code, text = "missing_api_key", "API key is required"


class MissingSessionId(BadRequest):
    code, text = "missing_session_id", "Missing session_id"


class InvalidSessionId(BadRequest):
    code, text = "invalid_session_id", "Invalid session ID"


class InvalidMessage(BadRequest):
    code, text = "invalid_message", "Invalid message"


class InvalidSession(BadRequest):
    code, text = "invalid_session", "Invalid session"


class InvalidField(BadRequest):
    code, text = "invalid_field", "The field '{field}' is not valid: {reason}."


class RepeatedParameter(BadRequest):
    code, text = "repeated_parameter", "The parameter '{parameter}' is given more than once."


class UntrustedHost(BadRequest):
    code, text = "untrusted_host", "This server does not answer to that host name."


class Unauthenticated(BridgeError):
    code, status, text = "authentication_required", 401, "Authentication required"


class InvalidKey(Unauthenticated):
    code, text = "invalid_key", "Invalid API key"


class InvalidAdminKey(Unauthenticated):
    code, text = "invalid_admin_key", "Invalid admin key"


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


class ServedElsewhere(NotFound):
    code, text = "served_elsewhere", "This address is served by the {other} process of this bridge."


class SessionNotFound(NotFound):
    code, text = "session_not_found", "Session not found"


class JobNotFound(NotFound):
    code, text = "job_not_found", "Job not found"


class LetterNotFound(NotFound):
    code, text = "letter_not_found", "There is no dead {kind} with the number {id}."


class SnapshotNotFound(NotFound):
    code, text = "snapshot_not_found", "There is no snapshot named '{name}'."


class FileNotFound(NotFound):
    code, text = "file_not_found", "There is no file named '{name}' in this conversation."


class FileGone(BridgeError):
    code, status = "file_gone", 410
    text = "The bytes of '{name}' are not kept here any more."


class ResultNotFound(NotFound):
    code = "result_not_found"
    text = "There is no result '{name}'; results are kept for a while only."


class AgentNotFound(NotFound):
    code, text = "agent_not_found", "There is no agent '{agent}'."


class MessageNotFound(NotFound):
    code, text = "message_not_found", "There is no message {message_id}."


class KeyNotFound(NotFound):
    code, text = "key_not_found", "There is no live key with the prefix '{prefix}'."


class MethodNotAllowed(BridgeError):
    code, status, text = "method_not_allowed", 405, "Method not allowed"

    def __init__(self, message: str | None = None, *, allowed: Sequence[str] = ()) -> None:
        super().__init__(message, allowed=[*allowed])
        self.allowed = tuple(allowed)


class Conflict(BridgeError):
    code, status, text = "conflict", 409, "Somebody else was faster."


class IdempotencyConflict(Conflict):
    code = "idempotency_conflict"
    text = "This idempotency key was already used with another body."


class KeyIsConfigured(Conflict):
    code = "key_is_configured"
    text = "The key '{prefix}' is given by the settings: give another one there."


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


class NotReady(Unavailable):
    code, text = "not_ready", "The server cannot do all of its work: {why}."


class DatabaseBusy(Unavailable):
    code, text = "database_busy", "The database is busy; try again in a moment."


class DatabaseFailing(Unavailable):
    code, text = "database_failing", "The disk of the database fails; nothing was stored."


class DatabaseUnusable(Unavailable):
    code = "database_unusable"
    text = "The database cannot be used ({reason}); nothing was stored."


class FilesFailing(Unavailable):
    code, text = "files_failing", "The disk of the files fails; nothing was stored."


class OutOfSpace(BridgeError):
    code, status = "insufficient_storage", 507
    text = "The server is running out of disk space; nothing was stored."


class DiskFull(OutOfSpace):
    code = "disk_full"
    text = (
        "The server's disk is full, so the result could not be written and nothing of it was kept. "
        "Try again when there is room."
    )


class QuotaExceeded(OutOfSpace):
    code = "quota_exceeded"
    text = "{what} may hold {limit} of files and holds {used}; nothing was stored."


class SnapshotDamaged(BridgeError):
    code, status = "snapshot_damaged", 500
    text = "The copy could not be read back whole ({reason}), so it was not kept."


class SchemaTooNew(BridgeError):
    code, status = "schema_too_new", 500
    text = (
        "The database '{path}' was written by a newer Chat Bridge (schema {found}, this program "
        "knows {known}). Start the newer version, or restore a snapshot made before the upgrade."
    )


class ForeignDatabase(BridgeError):
    code, status = "foreign_database", 500
    text = "The database '{path}' was made by another program, and {reason}. Nothing was changed."


class DatabaseUnreadable(BridgeError):
    code, status = "database_unreadable", 500
    text = (
        "The file '{path}' cannot be read as a database ({reason}). Nothing was changed: restore "
        "a snapshot, or move the file away to begin with an empty one."
    )


class DatabaseDamaged(DatabaseUnreadable):
    code = "database_damaged"
    text = (
        "The database '{path}' is damaged ({reason}). Nothing works on it until a backup or a "
        "snapshot is in its place; docs/deploy.md says how."
    )


class AuditBroken(BridgeError):
    code = "audit_broken"
    text = "The audit log is not as it was written: entry {entry} does not fit the one before it."


class BadSetting(BridgeError):
    code, status = "bad_setting", 500
    text = "{source}: '{key}' is not valid: {reason}."
