"""Application code lies loose at the project's root.

This is the report's CRITICAL STRUCTURAL FAILURE. The root is the working directory, and the working
directory is on the import path of ``python -m pytest``, ``uvicorn`` and every script: tests pass on
files that are never packaged, module names such as ``utils`` or ``types`` collide with installed
ones, and nothing says what belongs to the program. trueup makes one package of the loose modules,
moves it to ``src/``, and rewrites every import, string, path and command that names them.

Source: https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/

Flagged:

```
main.py
    from fastapi import FastAPI

    from routers import items

    app = FastAPI()
    app.include_router(items.router)
routers/__init__.py
routers/items.py
    from fastapi import APIRouter

    router = APIRouter()
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

    from shop.routers import items

    app = FastAPI()
    app.include_router(items.router)
src/shop/routers/__init__.py
src/shop/routers/items.py
    from fastapi import APIRouter

    router = APIRouter()
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
    help="CRITICAL STRUCTURAL FAILURE: tests can pass on code that never ships; "
    "trueup moves it to src/<package>/ and rewrites what names it",
)


@rule.checks
def code_at_the_root(project: Project) -> Iterator[Finding]:
    """Modules, or several packages, of an application at the root."""
    layout = project.layout
    if is_application(project) and layout.kind in ("loose", "packages"):
        members = list(layout.members)
        place = next((member for member in members if member.endswith(".py")), members[0] if members else "")
        what = "application code lies loose at the project's root"
        yield rule.finding(place, f"{what}: {some(members)}", fixable=relocation(project) is not None)


@rule.fixes
def move(project: Project, _finding: Finding) -> Iterable[Operation]:
    """The move into ``src/<package>``."""
    return moves(project, rule.code)
