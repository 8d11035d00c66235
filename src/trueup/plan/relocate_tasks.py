"""Tasks that are called by their module keep their present names, where the settings ask for it.

``@app.task`` on ``add`` in ``tasks.py`` is ``tasks.add`` to every message in a queue; ``@app.task(name="tasks.add")``
says so, and stays so wherever the module goes.
Source: https://docs.celeryq.dev/en/stable/userguide/tasks.html#names
"""

from __future__ import annotations

import ast

from trueup.model.relocation import NO_QUEUES
from trueup.model.span import Edit
from trueup.text.python_names import Doubt, Rewrite, UnparsableError
from trueup.text.python_source import source_of
from trueup.text.python_strings import dotted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

DECORATORS = ("task", "shared_task")


def keep_task_names(data: bytes, module: str) -> tuple[Rewrite, frozenset[str]]:
    """The edits that give each task of ``module`` its present name, and those names."""
    if not module or b"task" not in data:
        return Rewrite(), frozenset()
    try:
        source = source_of(data)
    except UnparsableError as problem:
        return Rewrite(doubts=(Doubt(1, module, f"not parsed ({problem}): name its tasks by hand"),)), frozenset()
    edits: list[Edit] = []
    doubts: list[Doubt] = []
    names: set[str] = set()
    for function, decorator in decorated(source.tree):
        name = f"{module}.{function}"
        match decorator:
            case ast.Call(keywords=keywords) if any(keyword.arg == "name" for keyword in keywords):
                continue
            case ast.Call(args=[_, *_]):
                doubts.append(Doubt(decorator.lineno, name, "a task that cannot be named here: do it by hand"))
            case ast.Call(func=called, keywords=keywords):
                at = data.index(b"(", source.span(called)[1]) + 1
                edits.append(Edit(at, at, f'name="{name}"{", " if keywords else ""}'.encode()))
                names.add(name)
            case _:
                at = source.span(decorator)[1]
                edits.append(Edit(at, at, f'(name="{name}")'.encode()))
                names.add(name)
    return Rewrite(tuple(edits), tuple(doubts)), frozenset(names)


def decorated(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The tasks of a module: each function's name, and the decorator that makes it one."""
    foreign = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in NO_QUEUES
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if dotted(called).rpartition(".")[2] in DECORATORS and dotted(called).split(".")[0] not in foreign:
                    yield node.name, decorator
