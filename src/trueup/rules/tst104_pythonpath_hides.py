"""pytest's ``pythonpath`` puts the application's code on the path, so that nothing has to be installed.

Tests are then green while ``python -c "import shop"`` fails and the wheel is empty: they import the
folder, whatever the build configuration says. With an installed layout the setting has no use.

Source: https://docs.pytest.org/en/stable/explanation/goodpractices.html#choosing-a-test-layout-import-rules

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
    addopts = "-ra"
    pythonpath = ["src"]
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
    addopts = "-ra"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import RemoveKey, SetKey
from trueup.rules import Rule
from trueup.rules.lookups import is_application, packaged, will_be_installed, words
from trueup.rules.testing import pytest_settings, pytest_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="tests are green while nothing can be installed; trueup takes it out once the package is installed",
)


@rule.checks
def hides_what_is_missing(project: Project) -> Iterator[Finding]:
    """Entries of ``pythonpath`` from which an application's code is imported."""
    if not is_application(project) or project.settings.profile == "report":
        return
    path, settings = pytest_settings(project)
    hiding = [entry for entry in words(settings.get("pythonpath")) if is_code_root(project, entry)]
    if hiding:
        document = project.document(path)
        place = (
            document.at("tool", "pytest", "ini_options", "pythonpath")
            if document and path == "pyproject.toml"
            else path
        )
        message = f"pythonpath = {hiding} lets tests import code that is not installed"
        severity: Severity | None = "warning" if packaged(project) else None
        fixable = will_be_installed(project)
        yield rule.finding(place, message, subject="pythonpath", severity=severity, fixable=fixable)


def is_code_root(project: Project, entry: str) -> bool:
    """Whether application code is imported from ``entry``, or its folder is a package itself."""
    folder = "" if entry in (".", "./") else entry.removeprefix("./").rstrip("/")
    return folder in project.layout.roots or folder in project.layout.members


@rule.fixes
def take_it_out(project: Project, _finding: Finding) -> Iterator[Operation]:
    """What remains of the list, or nothing of it."""
    path, settings = pytest_settings(project)
    route = pytest_table(project)
    if not packaged(project) or path != "pyproject.toml" or not route:
        return
    rest = [entry for entry in words(settings.get("pythonpath")) if not is_code_root(project, entry)]
    if rest:
        yield SetKey(rule.code, "pyproject.toml", (*route, "pythonpath"), rest)
    else:
        yield RemoveKey(rule.code, "pyproject.toml", (*route, "pythonpath"))
