"""People who sign in, and those who are refused."""

from chat_bridge.errors.requests import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    TooManyRequests,
    Unauthenticated,
)


class WrongPassword(Unauthenticated):
    code, text = "invalid_sign_in", "Invalid username or password"


class SignInExpired(Unauthenticated):
    code, text = "session_expired", "Session expired"


class GuestLimitReached(Unauthenticated):
    code = "sign_in_required"
    text = "Guests may write {limit} messages. Sign in to go on; this conversation is kept."


class SignInLocked(TooManyRequests):
    code = "sign_in_locked"
    text = "Too many attempts. Try again in {retry_after} seconds."


class NotAllowed(Forbidden):
    code, text = "insufficient_permissions", "Insufficient permissions"


class FormExpired(Forbidden):
    code = "csrf_failed"
    text = "This form is out of date or came from another site. Load the page again."


class PasswordChangeNeeded(Forbidden):
    code, text = "password_change_required", "Change your password first."


class WrongSetupCode(Forbidden):
    code = "invalid_setup_code"
    text = "This set-up code is wrong or has expired. A restart makes a new one."


class UserNotFound(NotFound):
    code, text = "user_not_found", "User not found"


class LoginNotFound(NotFound):
    code, text = "login_not_found", "There is no such sign-in."


class UserExists(Conflict):
    code, text = "user_exists", "Username or email already exists"


class LastAdmin(Conflict):
    code = "last_admin"
    text = "The last administrator cannot be removed, deactivated or given another role."


class StaleEdit(Conflict):
    code, text = "stale_edit", "Somebody else saved this meanwhile; nothing was changed."


class WeakPassword(BadRequest):
    code, text = "weak_password", "This password cannot be used: {reason}."
