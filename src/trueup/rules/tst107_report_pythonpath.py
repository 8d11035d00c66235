"""The profile ``report`` asks for ``pythonpath = ["src"]``, which is missing.

The report's section 10.2 puts ``src`` on pytest's path. It is harmless where the package is installed,
and hides it where it is not (TST104), so only a project that asks for the report's target gets it.

Source: https://docs.pytest.org/en/stable/reference/reference.html#confval-pythonpath

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"

    [tool.pytest.ini_options]
    testpaths = ["tests"]

    [tool.trueup]
    profile = "report"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"

    [tool.pytest.ini_options]
    testpaths = ["tests"]
    pythonpath = ["src"]

    [tool.trueup]
    profile = "report"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import SetKey
from trueup.rules import Rule
from trueup.rules.lookups import is_application, packaged, words
from trueup.rules.testing import pytest_settings, pytest_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="the report's section 10.2 has it; trueup writes it where its profile is asked for",
)


@rule.checks
def asked_for(project: Project) -> Iterator[Finding]:
    """An application with the profile ``report`` whose pytest settings lack it."""
    if not is_application(project) or project.settings.profile != "report" or not packaged(project):
        return
    path, settings = pytest_settings(project)
    if "src" not in words(settings.get("pythonpath")):
        yield rule.finding(path or "pyproject.toml", 'pythonpath lacks "src"', subject="pythonpath")


@rule.fixes
def put_it_in(project: Project, _finding: Finding) -> Iterator[Operation]:
    """``src`` before what is there."""
    route = pytest_table(project)
    if route:
        _, settings = pytest_settings(project)
        yield SetKey(rule.code, "pyproject.toml", (*route, "pythonpath"), ["src", *words(settings.get("pythonpath"))])
