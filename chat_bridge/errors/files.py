"""Files that are not read: of a wrong kind, hostile, or beyond a limit; or that went meanwhile."""

from chat_bridge.errors.requests import Unavailable, Unprocessable


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


class BytesErased(Unavailable):
    """They were just erased with whatever had the same ones before; they have to be sent again."""

    code, text = "bytes_erased", "The same file was being erased just now. Send it again."
