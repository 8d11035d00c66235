"""``src``, or another folder, is a bare folder of modules that works only while it is on the import path.

``uvicorn --app-dir src``, ``WORKDIR /app/src`` or ``pythonpath = ["src"]`` make its modules top
level; nothing can be installed, and names such as ``models`` or ``utils`` compete with those of the
dependencies. trueup makes one package of them below ``src/`` and rewrites what names them.

Source: https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/

Flagged:

```
src/main.py
    from fastapi import FastAPI

    from settings import title

    app = FastAPI(title=title)
src/settings.py
    title = "shop"
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
```

Fixed:

```
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from shop.settings import title

    app = FastAPI(title=title)
src/shop/settings.py
    title = "shop"
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import is_application, moves, relocation, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="critical",
    help="CRITICAL STRUCTURAL FAILURE: the code runs only where it is on the path; trueup makes it one below src/",
)


@rule.checks
def modules_in_src(project: Project) -> Iterator[Finding]:
    """An application whose modules are top level because ``src`` is on the path."""
    if is_application(project) and project.layout.kind == "src-path":
        folder = next(filter(None, project.layout.roots), "src")
        what = "used as" if project.tree.has(f"{folder}/__init__.py") else "no package but"
        message = f"{folder} is {what} a folder on the import path: {some(list(project.layout.members))}"
        yield rule.finding(folder, message, fixable=relocation(project) is not None)


@rule.fixes
def move(project: Project, _finding: Finding) -> Iterable[Operation]:
    """The move into ``src/<package>``."""
    return moves(project, rule.code)
