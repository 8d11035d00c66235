"""No application was found: scripts that have nothing to do with one another, or no Python at all.

trueup brings an application into a declared shape. A collection of scripts has none to bring: each
script can declare its own dependencies instead (PEP 723), and its layout is left alone.

Source: https://packaging.python.org/en/latest/specifications/inline-script-metadata/

Flagged:

```
bubble sort.py
    print(sorted([3, 1, 2]))
weather.py
    print("rain")
```

Fixed:

```
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

from trueup.rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="there is no program to lay out; scripts can carry their own dependencies (PEP 723)",
    no_fix="there is nothing to move",
)


@rule.checks
def nothing_to_lay_out(project: Project) -> Iterator[Finding]:
    """Scripts only, a template of projects, or nothing."""
    if project.layout.kind == "template":
        message = f"no project to lay out: {project.layout.reason}"
        yield rule.finding("", message, subject="layout", help="make a project from it, and audit that")
    elif project.kind == "scripts":
        yield rule.finding("", "these are scripts, not one application: their layout is left alone", subject="layout")
    elif project.kind == "none":
        yield rule.finding("", "there is no Python here", subject="layout")
