from typing import ClassVar


class BridgeError(Exception):
    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    text: ClassVar[str] = "Something went wrong on our side."

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.details = details
        self.message = message or self.text.format_map(_Shown(details))
        super().__init__(self.message)

    @property
    def forbids(self) -> bool:
        """Whether whoever was let in before has no business here any more."""
        return self.status in (401, 403, 404)


class _Shown(dict[str, object]):
    """Lets a sentence name a keyword that was not given."""

    def __missing__(self, key: str) -> str:
        return "?"


def codes_of(*kinds: type[BridgeError]) -> frozenset[str]:
    """The words of these classes and of those below them."""
    found = {kind.code for kind in kinds}
    for kind in kinds:
        found |= codes_of(*kind.__subclasses__())
    return frozenset(found)


def by_code(code: str | None) -> type[BridgeError]:
    """The class of a stored error."""
    kinds: list[type[BridgeError]] = [BridgeError]
    while kinds:
        kind = kinds.pop()
        if kind.code == code:
            return kind
        kinds += kind.__subclasses__()
    return BridgeError
