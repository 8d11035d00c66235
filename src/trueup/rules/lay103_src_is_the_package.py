"""``src`` itself is the import package: ``from src.models import User``.

``src`` is the place where packages lie, not the name of one. A wheel would install a top-level
package called ``src`` beside that of every other project that made the same mistake, and the
program can only run from the project's root. trueup gives the package a name below ``src/`` and
rewrites everything that says ``src.``.

Source: https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/

Flagged:

```
src/__init__.py
src/main.py
    from fastapi import FastAPI

    from src.settings import title

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
from trueup.rules.lookups import is_application, moves, relocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="critical",
    help="CRITICAL STRUCTURAL FAILURE: no two packages named src can be installed; trueup makes it one below src/",
)


@rule.checks
def package_named_src(project: Project) -> Iterator[Finding]:
    """An application whose import package is called ``src``, and be it under one of two names.

    Where one package below ``src`` is all there is, that is what can be installed, and LAY105 tells its second name.
    """
    layout = project.layout
    below = layout.kind == "two-names" and any(member.startswith("src/") for member in layout.members)
    below = below and not layout.package
    if is_application(project) and (layout.kind == "src-package" or below):
        message = "src itself is the import package, so nothing can be installed under a name of its own"
        yield rule.finding("src", message, fixable=relocation(project) is not None)


@rule.fixes
def move(project: Project, _finding: Finding) -> Iterable[Operation]:
    """The move one level down, with the rename that it needs."""
    return moves(project, rule.code)
