"""What a file does where something that it imports is not there."""

from __future__ import annotations

import ast

from trueup.text.python_names import UnparsableError
from trueup.text.python_source import TELLS, parse


def does_without(data: bytes, module: str) -> bool:
    """Whether a file goes on where ``import`` of a module fails, and neither stops nor looks for it elsewhere."""
    try:
        nodes = list(ast.walk(parse(data)))
    except UnparsableError:
        return False
    tries = (node for node in nodes if isinstance(node, ast.Try | ast.TryStar))
    meant = (node for node in tries if module in {name for each in node.body for name in _imported(each)})
    return any(all(map(_goes_on, handler.body)) for node in meant for handler in node.handlers)


def _imported(node: ast.stmt) -> list[str]:
    return [item.name for item in node.names] if isinstance(node, ast.Import) else []


def _goes_on(node: ast.stmt) -> bool:
    """Whether a statement only says that something is missing, or keeps it in mind."""
    match node:
        case ast.Assign(targets=targets):
            return all(isinstance(target, ast.Name) for target in targets)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in TELLS
        case _:
            return isinstance(node, ast.Pass | ast.Return | ast.Continue | ast.AnnAssign)
