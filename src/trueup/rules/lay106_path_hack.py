"""The import path is bent by hand: ``sys.path.insert`` or ``PYTHONPATH``.

Code that edits ``sys.path`` works in one working directory and breaks in the next, and it is the
usual way to import one file under two names. An installed package needs neither.

Source: https://docs.python.org/3/library/sys_path_init.html

Flagged:

```
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    import sys

    sys.path.insert(0, "src")

    from shop.main import app


    def test_app():
        assert app
```

Fixed:

```
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```
"""

from __future__ import annotations

import ast
import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import automation_files, is_application, is_tooling, lines, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="the code runs only where the path was bent; an installed package needs no hack",
    no_fix="what else relies on the path shows only when it runs: remove the line once the package is installed",
)

SETS_PATH = lazy(r"\bPYTHONPATH\b[\"']?\s*[:=]|\bENV\s+PYTHONPATH\s", words=("PYTHONPATH",))
ASSIGNED = lazy(r"^[ \t]*sys\.path(?:\[[^\]\n]*\])?[ \t]*\+?=(?!=)", re.MULTILINE, words=("sys.path",))
VARIABLES = lazy(r"\.env(?:\.[\w-]+)?|settings\.json|launch\.json|[^/]+\.code-workspace")


@rule.checks
def bent_path(project: Project) -> Iterator[Finding]:
    """The first place in each file of an application that changes the import path."""
    if not is_application(project):
        return
    for path, source in project.sources.items():
        hacks = source.calls_of("sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir")
        if hacks and not is_tooling(path):
            yield rule.finding(Place(path, hacks[0].line), f"{hacks[0].name} bends the import path", subject="sys.path")
        elif not is_tooling(path) and source.may("sys.path.insert") and (number := assigned_at(text_of(project, path))):
            yield rule.finding(Place(path, number), "sys.path is assigned to", subject="sys.path")
    spoken = (path for path in project.tree.called(VARIABLES) if "json" not in path or ".vscode/" in path)
    for path in dict.fromkeys((*automation_files(project), *spoken)):
        for number, line in lines(project, path):
            if SETS_PATH.search(line) and not line.lstrip().startswith("#"):
                yield rule.finding(Place(path, number), "PYTHONPATH bends the import path", subject="PYTHONPATH")
                break


def assigned_at(text: str) -> int:
    """The line of the first assignment to ``sys.path`` or a part of it, 0 where there is none."""
    if not ASSIGNED.search(text):
        return 0
    try:
        nodes = ast.walk(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return 0
    changes = (node for node in nodes if isinstance(node, ast.Assign | ast.AugAssign))
    return min((node.lineno for node in changes if any(map(is_path, targets_of(node)))), default=0)


def targets_of(node: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    """What an assignment binds."""
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def is_path(target: ast.expr) -> bool:
    """Whether a target is ``sys.path``, or a part of it."""
    target = target.value if isinstance(target, ast.Subscript) else target
    return isinstance(target, ast.Attribute) and ast.unparse(target) == "sys.path"
