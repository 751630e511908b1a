"""The other spreadsheets of a conversation: the only files a step may name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from chat_bridge.errors import BadArgument, MissingArgument, MissingFile
from chat_bridge.model import Limits, Source
from chat_bridge.workflow.columns import listed
from chat_bridge.workflow.registry import Operation, nearest
from chat_bridge.workflow.tables import reading
from chat_bridge.workflow.tables.frames import Table


@dataclass(frozen=True)
class Others:
    """`own` is the name of the file that is worked on."""

    own: str = ""
    files: Mapping[str, Source] = field(default_factory=dict)
    folder: Path = Path()
    limits: Limits = field(default_factory=Limits)

    def open(self, wanted: str | None, operation: Operation) -> Table:
        source = self._named(wanted, operation) if wanted else self._only(operation)
        return reading.open_table(source, None, self.limits, self.folder)

    def _named(self, wanted: str, operation: Operation) -> Source:
        """By its bare name; of a path only the last part counts, nothing else is ever opened."""
        name = PurePath(wanted.replace("\\", "/")).name
        folded = {known.lower(): known for known in self.files}
        found = name if name in self.files else folded.get(name.lower())
        if found is not None:
            return self.files[found]
        close = nearest(name, self.files)
        hint = f"; did you mean '{close}'?" if close else self._choice()
        raise BadArgument(
            f"There is no spreadsheet '{name}' in this conversation{hint}",
            argument=operation.opens,
            file=name,
            nearest=close,
        )

    def _only(self, operation: Operation) -> Source:
        others = [name for name in self.files if name != self.own]
        if not others:
            raise MissingFile(
                f"/{operation.command} needs a second spreadsheet: attach it to this conversation."
            )
        if len(others) > 1:
            raise MissingArgument(
                f"Say which file to take with {operation.opens}=: {listed(others)}.",
                argument=operation.opens,
                files=others,
            )
        return self.files[others[0]]

    def _choice(self) -> str:
        others = [name for name in self.files if name != self.own]
        return f"; there is {listed(others)}." if others else "; there is no other one."
