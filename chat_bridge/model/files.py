"""Files, from their bytes to what is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Blob:
    """Bytes at rest, addressed by their SHA-256 (hex)."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True)
class Attachment:
    id: int
    session_id: str
    name: str
    kind: str
    content_type: str
    sha256: str
    size: int
    rows: int | None
    columns: tuple[Mapping[str, str], ...] | None
    preview: Mapping[str, Any] | None
    error: str | None
    error_code: str | None
    job_id: str | None
    created_at: str


@dataclass(frozen=True)
class Source:
    """A file a run may read: its bytes by path, its name for people and for its extension."""

    path: Path
    name: str


@dataclass(frozen=True)
class Snapshot:
    """A copy of the database that was read back and found whole."""

    name: str
    size: int
    created_at: str


@dataclass(frozen=True)
class Profile:
    """What a first look at a spreadsheet found: sheets, size, typed columns, first rows."""

    sheets: tuple[str, ...]
    rows: int
    columns: tuple[Mapping[str, str], ...]
    preview: Mapping[str, Any]
    dialect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """A file written by a run into its `output_dir`, under a temporary name."""

    path: Path
    name: str
    content_type: str
    rows: int | None
    columns: tuple[Mapping[str, str], ...] | None
    preview: Mapping[str, Any] | None
