"""git ignores ``uv.lock``, or the lock of the manager in charge.

A lock that is not committed locks one machine: everyone else, CI and the image resolve for
themselves. An application commits its lock.

Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile

Flagged:

```
.gitignore
    __pycache__/
    *.lock
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
.gitignore
    __pycache__/
    *.lock
    !uv.lock
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import AppendLine
from trueup.rules import Rule
from trueup.rules.hidden import hides
from trueup.rules.lookups import is_application, managers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="a lock that is not committed locks one machine; trueup un-ignores it",
)


OTHERS = {"poetry": "poetry.lock", "pipfile": "Pipfile.lock", "pdm": "pdm.lock"}


@rule.checks
def ignored(project: Project) -> Iterator[Finding]:
    """An application whose ignore file names uv.lock, or the lock of its manager, last without taking it back."""
    if not is_application(project):
        return
    in_charge = managers(project) if project.lock is None else set[str]()
    for name in ("uv.lock", *(lock for manager, lock in OTHERS.items() if manager in in_charge)):
        if found := hides(project, name):
            place, pattern = found
            message = f"`{pattern}` keeps {name} out of git"
            yield rule.finding(place, message, subject=name, fixable=name == "uv.lock")


@rule.fixes
def take_back(_project: Project, _finding: Finding) -> Iterator[Operation]:
    """The last pattern that matches decides."""
    yield AppendLine(rule.code, ".gitignore", "!uv.lock")
