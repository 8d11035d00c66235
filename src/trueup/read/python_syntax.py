"""The newest version of Python whose syntax a file uses, as far as single statements show it."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# By the node's name, since the running Python may not know the newest: https://docs.python.org/3/whatsnew/
STATEMENTS = {"Match": (3, 10), "TryStar": (3, 11), "TypeAlias": (3, 12)}
UNION = (3, 10)  # PEP 604, where annotations are evaluated
TYPE_PARAMETERS = (3, 12)  # PEP 695
FORMATTED = (3, 12)  # PEP 701


def floor_of(statements: Iterable[ast.stmt], lazy: bool, formatted: int = 0) -> tuple[str, int]:
    """The version and the first line that needs it; ``("", 0)`` where nothing is newer than 3.9.

    ``lazy``: annotations are not evaluated (PEP 563). ``formatted``: the first line whose formatted string needs 3.12.
    """
    floor, line = (FORMATTED if formatted else (0, 0)), formatted
    for node in statements:
        needs = needed(node, lazy)
        if needs > floor:
            floor, line = needs, node.lineno
    return (f"{floor[0]}.{floor[1]}", line) if line else ("", 0)


def needed(node: ast.stmt, lazy: bool) -> tuple[int, int]:
    """The version that one statement needs."""
    needs = STATEMENTS.get(type(node).__name__, (0, 0))
    if getattr(node, "type_params", None):
        needs = max(needs, TYPE_PARAMETERS)
    if not lazy and needs < UNION and any(is_union(part) for part in annotations_of(node)):
        needs = UNION
    return needs


def annotations_of(node: ast.stmt) -> Iterator[ast.expr]:
    """The annotations of a function or an assignment."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg)
        yield from (item.annotation for item in arguments if item is not None and item.annotation is not None)
        if node.returns is not None:
            yield node.returns
    elif isinstance(node, ast.AnnAssign):
        yield node.annotation


def is_union(annotation: ast.expr) -> bool:
    """Whether an annotation is ``X | Y``, or holds one in its brackets, and is no string."""
    pending = [annotation]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr):
            return True
        if isinstance(part, ast.Subscript):
            pending.append(part.slice)
        elif isinstance(part, ast.Tuple):
            pending += part.elts
    return False
