"""The import package lies at the project's root.

``import app`` then finds the folder that happens to be in the working directory, not the installed
package: what the wheel lacks is not noticed before it is deployed. For an application this is the
report's CRITICAL STRUCTURAL FAILURE; a library that ships from a flat layout is only told. trueup
moves the package to ``src/`` under the same import name, so that no import changes.

Source: https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/

Flagged:

```
app/__init__.py
app/main.py
    from fastapi import FastAPI

    app = FastAPI()
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

    app = FastAPI()
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
    from trueup.model.project import Layout, Project

rule = Rule(
    __name__,
    severity="critical",
    help="CRITICAL STRUCTURAL FAILURE: tests import the folder, not what is installed; "
    "trueup moves the package to src/ under the same import name",
)

LIBRARY = "tests import the folder, not what is installed; a library keeps its layout, until you move it to src/"


def package_folder(layout: Layout) -> str:
    """Where the package lies that the layout is about: the member of its name, else the first."""
    named = [member for member in layout.members if member.rpartition("/")[2] == layout.package]
    return (*named, *layout.members, layout.package)[0]


@rule.checks
def package_beside_its_tests(project: Project) -> Iterator[Finding]:
    """One package at the root: critical in an application, information in a library."""
    layout = project.layout
    where = package_folder(layout)
    if layout.kind != "package" and (layout.kind != "two-names" or "src" in layout.roots):
        return
    message = f"the package {layout.package or where} lies at the project's root"
    if is_application(project):
        yield rule.finding(where, message, fixable=relocation(project) is not None)
    elif project.kind == "library":
        yield rule.finding(where, message, severity="info", fixable=False, help=LIBRARY)


@rule.fixes
def move(project: Project, _finding: Finding) -> Iterable[Operation]:
    """The move into ``src``, under the same name."""
    return moves(project, rule.code)
