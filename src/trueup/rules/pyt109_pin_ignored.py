"""git ignores ``.python-version``.

The pin then holds on one machine: a clone, CI and an image that is built from a clone take whatever Python there is.
Templates of ignore files name it for libraries; an application commits its pin.

Source: https://docs.astral.sh/uv/concepts/python-versions/#python-version-files

Flagged:

```
.gitignore
    __pycache__/
    .python-version
.python-version
    3.13
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
    .python-version
    !.python-version
.python-version
    3.13
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
from trueup.rules.hidden import OWN, hides
from trueup.rules.lookups import is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="a pin that is not committed holds on one machine; trueup un-ignores it",
)

PIN = ".python-version"


@rule.checks
def ignored(project: Project) -> Iterator[Finding]:
    """An application with a pin that the ignore files name last without taking it back."""
    found = hides(project, PIN) if is_application(project) and project.tree.has(PIN) else None
    if found:
        place, pattern = found
        yield rule.finding(place, f"`{pattern}` keeps {PIN} out of git", subject=PIN)


@rule.fixes
def take_back(_project: Project, _finding: Finding) -> Iterator[Operation]:
    """The last pattern that matches decides."""
    yield AppendLine(rule.code, OWN, f"!{PIN}")
