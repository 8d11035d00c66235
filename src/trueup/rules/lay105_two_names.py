"""One file is imported under two names, such as ``models`` and ``app.models``.

Python then runs it twice: two classes of the same name that are not the same, tables registered
twice, ``dependency_overrides`` and ``isinstance`` that silently miss. It comes from a folder that is
a package and, by ``pythonpath``, ``--app-dir``, WORKDIR or ``sys.path``, also a place to import from.
trueup keeps the longer name, moves the package to ``src/``, and rewrites the shorter one.

Source: https://docs.python.org/3/reference/import.html#the-module-cache

Flagged:

```
app/__init__.py
app/main.py
    from fastapi import FastAPI

    from models import User

    app = FastAPI()
app/models.py
    class User: ...
app/jobs.py
    from app.models import User
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
```

Fixed:

```
src/app/__init__.py
src/app/main.py
    from fastapi import FastAPI

    from app.models import User

    app = FastAPI()
src/app/models.py
    class User: ...
src/app/jobs.py
    from app.models import User
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
```
"""

from __future__ import annotations

from trueup.rules import Rule
from trueup.rules.lookups import moves, relocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="a file that runs under two names has every class and table twice; "
    "trueup keeps one name and moves the package to src/",
)


@rule.checks
def imported_twice(project: Project) -> Iterator[Finding]:
    """A layout in which the same file has two dotted names."""
    layout = project.layout
    if layout.kind == "two-names":
        where = "src" if "src" in layout.roots else layout.package or layout.members[0]
        reason = f": {layout.reason}" if layout.reason else ""
        yield rule.finding(
            where, f"one file is imported under two names{reason}", fixable=relocation(project) is not None
        )


@rule.fixes
def move(project: Project, _finding: Finding) -> Iterable[Operation]:
    """The move that leaves one name."""
    return moves(project, rule.code)
