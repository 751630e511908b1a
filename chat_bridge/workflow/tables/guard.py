"""What is refused before any parser sees a file. Standard library only: web processes use it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from chat_bridge.errors import (
    BytesErased,
    EmptyFile,
    FileNotFound,
    UnsupportedFileType,
    WrongFileKind,
)
from chat_bridge.model import Limits
from chat_bridge.workflow.tables import compound, kinds, packages
from chat_bridge.workflow.tables.frames import FileKind
from chat_bridge.workflow.tables.ods_scan import check_ods, scan_ods
from chat_bridge.workflow.tables.old_workbook_scan import check_old_workbook, scan_old_workbook
from chat_bridge.workflow.tables.text_scan import scan_text
from chat_bridge.workflow.tables.workbook_scan import scan_workbook

EXPECTED = {".xls": "workbook of the old kind", ".ods": "spreadsheet"}
SCANS: Mapping[str, Callable[[Path, str, Limits], int | None]] = {
    ".xls": scan_old_workbook,
    ".ods": scan_ods,
}


@dataclass(frozen=True)
class Checked:
    kind: FileKind
    irregular: bool = False
    uncalculated: int = 0


def check_upload(path: Path, name: str, limits: Limits) -> None:
    """Milliseconds: kind by extension and magic bytes, the directory of the package. Bytes that
    were stored a moment ago may have been erased with others that were the same."""
    try:
        _check_kind(path, name, limits)
    except FileNotFound as error:
        raise BytesErased from error


def check(path: Path, name: str, limits: Limits) -> Checked:
    """The whole file, byte by byte, without a parser: 0.3 s for a million cells."""
    if _check_kind(path, name, limits) == "xlsx":
        scan = SCANS.get(extension(name), scan_workbook)
        return Checked("xlsx", uncalculated=scan(path, name, limits) or 0)
    return Checked("csv", irregular=scan_text(path, name, limits))


def extension(name: str) -> str:
    return Path(name).suffix.lower()


def kind_of(name: str) -> FileKind:
    if extension(name) in kinds.WORKBOOKS:
        return "xlsx"
    if extension(name) in kinds.TEXTS:
        return "csv"
    raise UnsupportedFileType(name=name, allowed=", ".join(kinds.ALLOWED))


def _check_kind(path: Path, name: str, limits: Limits) -> FileKind:
    kind = kind_of(name)
    try:
        length = path.stat().st_size
    except FileNotFoundError as error:
        raise FileNotFound(name=name) from error
    if length == 0:
        raise EmptyFile(name=name)
    if kind == "csv":
        actual = kinds.recognise(path)
        if actual:
            raise WrongFileKind(name=name, expected="CSV table", actual=actual)
    else:
        _check_workbook(path, name, limits)
    return kind


def _check_workbook(path: Path, name: str, limits: Limits) -> None:
    with path.open("rb") as file:
        head = file.read(len(compound.MAGIC))
    zipped = head.startswith(kinds.ZIP_MAGIC)
    if extension(name) == ".xls" and head == compound.MAGIC:
        check_old_workbook(path, name)
        return
    if extension(name) == ".ods" and zipped:
        check_ods(path, name, limits)
        return
    if extension(name) in (".xls", ".ods"):
        actual = kinds.recognise(path) or kinds.plain(path)
        raise WrongFileKind(name=name, expected=EXPECTED[extension(name)], actual=actual)
    names = (
        {info.filename.lower() for info in packages.entries(path, name, limits)} if zipped else ()
    )
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        actual = kinds.recognise(path) or kinds.plain(path)
        raise WrongFileKind(name=name, expected="workbook", actual=actual)
