"""Operations asked for over HTTP, outside of any conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat_bridge.model.files import Blob
from chat_bridge.model.runs import Step

OPERATIONS = "rest/operations"  # the internal session of their jobs; no address can spell it
KIND = "operation"


@dataclass(frozen=True)
class CallFile:
    """A file of a call: `name` is unique and cannot be guessed, `field` is where it came from
    (`file`, `source_file` …) or `result`, `shown_name` what people see."""

    name: str
    job_id: str
    field: str
    shown_name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Received:
    field: str
    name: str
    blob: Blob


@dataclass(frozen=True)
class NewCall:
    """A checked plan over received files, the first of which is worked on; `result_name` is what
    its file is called, with a place for what makes it unique; `named`, if it was said to be."""

    caller: str
    steps: Sequence[Step]
    files: Sequence[Received]
    result_name: str
    sheet: str | None = None
    header_row: int | None = None
    idempotency_key: str | None = None
    keep_formulas: bool = False
    preview: bool = False
    named: str | None = None


@dataclass(frozen=True)
class CallOutcome:
    """How a call ended: facts and files, or an error with its details."""

    data: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    files: Sequence[CallFile] = ()
    error: str | None = None
    error_code: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
