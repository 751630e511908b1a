"""Commands that cannot run, and runs that ended without a result."""

from chat_bridge.errors.base import BridgeError
from chat_bridge.errors.requests import Unavailable, Unprocessable


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
    code, text = "unknown_sheet", "There is no sheet '{sheet}'; the workbook has {sheets}."


class BadSheetName(CommandError):
    code, text = "bad_sheet_name", "'{sheet}' cannot be the name of a sheet: {reason}."


class MissingFile(CommandError):
    code, text = "missing_file", "There is no spreadsheet to work on yet: attach one first."


class JobFailed(BridgeError):
    """The run of a job ended without a result."""

    code, status, text = "job_failed", 422, "The job failed."


class JobTimedOut(JobFailed):
    code, text = "job_timed_out", "The job took longer than {seconds} s and was stopped."


class JobCancelled(JobFailed):
    code, text = "job_cancelled", "The job was cancelled."


class OutputTooLarge(JobFailed):
    code, text = "output_too_large", "The result is larger than {limit}."


class OperationTimedOut(Unavailable):
    code = "operation_timed_out"
    text = (
        "The operation was not done within {seconds} s and was stopped; try again later, or with "
        "less data."
    )
