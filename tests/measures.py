"""What the budgets of test_architecture.py count, read from the syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
NESTING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)  # what decides


@dataclass(frozen=True)
class Measure:
    """One function: `positional` counts the parameters that may be given without a name."""

    name: str
    lines: int
    complexity: int
    nesting: int
    parameters: int
    positional: int


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> Iterator[Measure]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield _measure(node)


def _measure(node: Function) -> Measure:
    named = [*node.args.posonlyargs, *node.args.args]
    positional = [argument for argument in named if argument.arg not in ("self", "cls")]
    inner = [child for child in _own(node) if isinstance(child, Function)]
    return Measure(
        name=f"{node.name}, line {node.lineno}",
        lines=_span(node) - sum(_span(child) for child in inner),
        complexity=1 + sum(_branches(child) for child in _own(node)),
        nesting=_nesting(node.body),
        parameters=len(positional) + len(node.args.kwonlyargs),
        positional=len(positional),
    )


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What is inside; a function in a function is named, and measured by itself."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, Function | ast.ClassDef):
            yield from _own(child)


def _span(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _branches(node: ast.AST) -> int:
    """As mccabe counts: each way a statement can go beside the straight one."""
    if isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler):
        return 1
    if isinstance(node, ast.Match):
        return len(node.cases)
    return 0


def _nesting(statements: list[ast.stmt]) -> int:
    return max((_depth(statement) for statement in statements), default=0)


def _depth(node: ast.AST) -> int:
    """How deep decisions stand in one another; `elif` stands beside its `if`."""
    if isinstance(node, Function | ast.ClassDef):
        return 0
    blocks = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]
    inner = [_depth(child) for child in blocks]
    if isinstance(node, ast.If) and [type(child) for child in node.orelse] == [ast.If]:
        return max(1 + _nesting(node.body), _depth(node.orelse[0]))
    return max(inner, default=0) + isinstance(node, NESTING)


def attributes(path: Path, owner: str) -> Iterator[str]:
    """Every `x` of `owner.x`, whatever stands before the owner."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and _last_name(node.value) == owner:
            yield node.attr


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
