"""The catalogue of operations: each registers itself with typed argument specs, and command help,
palette, validation and documentation are read from here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from chat_bridge.errors import UnknownCommand
from chat_bridge.workflow.grammar import Term

if TYPE_CHECKING:
    import polars as pl

    from chat_bridge.workflow.tables.frames import About, Look, Text

ArgumentType = Literal[
    "text", "list", "columns", "integer", "number", "boolean", "choice", "conditions", "rules",
    "mapping", "json",
]  # fmt: skip
Arguments = Mapping[str, Any]
Apply = Callable[["pl.LazyFrame", Arguments], "pl.LazyFrame"]
Compose = Callable[["pl.LazyFrame", Arguments, "About"], "Text"]
Inspect = Callable[["pl.LazyFrame", Arguments, "About"], "Look"]
Remark = Callable[[Arguments, Sequence[str]], Sequence[str]]
GROUPS = ("Look", "Columns", "Rows", "Clean", "Combine", "Convert and export")


@dataclass(frozen=True)
class Argument:
    """One argument; `gather` reads the terms of a command that name no argument (conditions,
    rules), `bare` takes words without a key, `verbatim` all that was typed as one text, `spellings`
    are other names of its choices and `refusal` says what is wrong with any other."""

    name: str
    type: ArgumentType
    help: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    spellings: Mapping[str, str] | None = None
    refusal: str = ""
    bare: bool = False
    verbatim: bool = False
    gather: Callable[[Sequence[Term]], Any] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Target:
    """What a step turns the table into: a kind of file, and the sheet's name in a workbook."""

    kind: str
    sheet: str | None = None


@dataclass(frozen=True)
class Operation:
    """`name` is the wire's, `commands` are what people type, the first is shown; `check` turns
    typed arguments into what `apply` reads, `title` words a step, `target` says what it makes,
    `dropped` is what the rows it takes out are called (one, several), `drops` whether it may.
    `opens` names the argument that is another file: `apply` finds that table there instead.
    `look` answers with facts and leaves the table as it is; `compose` makes a text file of it,
    and ends a pipeline, where `composes` says so (as `looks` for `look`); `states` tells programs
    what follows from the arguments alone; `resizes` tells of rows that come or go and are not
    called anything; `remark` says in sentences what a person may not have meant; `conclude`
    completes the facts once all rows went by, `counted` words a sum of theirs for people."""

    name: str
    commands: tuple[str, ...]
    summary: str
    help: str
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]
    suffix: str
    apply: Apply
    title: Callable[[Arguments], str]
    check: Callable[[Arguments], Arguments] = dict
    target: Callable[[Arguments], Target | None] = lambda _: None
    dropped: tuple[str, str] | None = None
    drops: Callable[[Arguments], bool] = lambda _: True
    info_sheet: bool = True
    aliases: tuple[str, ...] = ()
    takes: tuple[str, ...] = ("xlsx", "csv")
    gives: str = "same"
    group: str = "Rows"
    opens: str | None = None
    look: Inspect | None = None
    compose: Compose | None = None
    composes: Callable[[Arguments], bool] = lambda _: True
    looks: Callable[[Arguments], bool] = lambda _: True
    states: Callable[[Arguments], Mapping[str, Any]] = lambda _: {}
    resizes: bool = False
    remark: Remark = lambda _arguments, _columns: ()
    conclude: Callable[[dict[str, Any]], dict[str, Any]] = lambda facts: facts
    counted: Callable[[Mapping[str, int]], str] = lambda _: ""

    @property
    def command(self) -> str:
        return self.commands[0]

    @property
    def verbatim(self) -> Argument | None:
        return next((a for a in self.arguments if a.verbatim), None)

    def inspects(self, arguments: Arguments) -> bool:
        """Whether it reads the table before it is written."""
        return self.look is not None and self.looks(arguments)

    def ends(self, arguments: Arguments) -> bool:
        """Whether it makes a text file, which has no rows for another step."""
        return self.compose is not None and self.composes(arguments)

    def argument(self, name: str) -> Argument | None:
        wanted = name.lower()
        return next((a for a in self.arguments if wanted in a.names), None)


OUTPUT_NAME = Argument(
    "output_filename",
    "text",
    "What the resulting file is called.",
    aliases=("output", "output_file"),
)

_OPERATIONS: dict[str, Operation] = {}


def register(operation: Operation) -> None:
    taken = {name for known in _OPERATIONS.values() for name in _names(known)}
    if clash := taken.intersection(_names(operation)):
        raise ValueError(f"registered twice: {', '.join(sorted(clash))}")
    _OPERATIONS[operation.name] = operation


def operation(name: str, *, commands: Sequence[str], **facts: Any) -> Callable[[Apply], Apply]:
    """Registers the decorated `LazyFrame -> LazyFrame` function; `facts` are Operation's fields."""

    def registered(apply: Apply) -> Apply:
        register(Operation(name=name, commands=tuple(commands), apply=apply, **facts))
        return apply

    return registered


def unchanged(frame: "pl.LazyFrame", _: Arguments) -> "pl.LazyFrame":
    """What `apply` is for an operation that only looks, or only composes."""
    return frame


def operations() -> tuple[Operation, ...]:
    """In the order of their groups, as help lists them."""
    _load()
    return tuple(sorted(_OPERATIONS.values(), key=lambda o: GROUPS.index(o.group)))


def find(name: str, *, position: int | None = None) -> Operation:
    """The operation of a command, an alias or a wire name."""
    wanted = name.lower().removeprefix("/")
    found = next((o for o in operations() if wanted in _names(o)), None)
    if found is None:
        raise unknown(name, position=position)
    return found


def is_verbatim(name: str) -> bool:
    """Whether a command takes all its words as one text."""
    return any(o.verbatim and name in _names(o) for o in operations())


def unknown(name: str, *, position: int | None = None, also: Iterable[str] = ()) -> UnknownCommand:
    names = [word for o in operations() for word in _names(o)]
    close = nearest(name, [*names, *also])
    sentence = f"There is no command '/{name}'"
    sentence += f"; did you mean '/{close}'?" if close else "; type /help to see what there is."
    return UnknownCommand(sentence, command=name, nearest=close, position=position)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known spelling that is close to a word, letter case aside."""
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.lower(), name)
    close = get_close_matches(word.lower(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def catalogue() -> list[dict[str, Any]]:
    """Every operation as plain values, in the shape of `GET /api/v1/operations`."""
    return [_listed(o) for o in operations()]


def _listed(operation: Operation) -> dict[str, Any]:
    return {
        "name": operation.name,
        "command": operation.command,
        "group": operation.group,
        "aliases": [*operation.commands[1:], *operation.aliases],
        "summary": operation.summary,
        "help": operation.help,
        "takes": list(operation.takes),
        "gives": operation.gives,
        "arguments": [
            {
                "name": a.name,
                "aliases": list(a.aliases),
                "type": a.type,
                "required": a.required,
                "default": a.default,
                "choices": list(a.choices),
                "help": a.help,
            }
            for a in operation.arguments
        ],
        "examples": list(operation.examples),
    }


def _names(operation: Operation) -> tuple[str, ...]:
    return (operation.name, *operation.commands, *operation.aliases)


def _load() -> None:
    import_module("chat_bridge.workflow.operations")
