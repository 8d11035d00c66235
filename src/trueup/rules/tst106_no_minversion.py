"""``minversion`` does not say which pytest the settings need.

Settings that an old pytest does not know are ignored, strictness included. With ``minversion`` it
stops and says so.

Source: https://docs.pytest.org/en/stable/reference/reference.html#confval-minversion

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [dependency-groups]
    test = ["pytest>=8"]

    [tool.pytest.ini_options]
    addopts = "-ra"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [dependency-groups]
    test = ["pytest>=8"]

    [tool.pytest.ini_options]
    addopts = "-ra"
    minversion = "8.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import SetKey
from trueup.rules import Rule
from trueup.rules.lookups import declared, has_metadata, is_application, version_of
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
    help="an older pytest ignores settings that it does not know; trueup names the version that is declared",
)


@rule.checks
def no_floor(project: Project) -> Iterator[Finding]:
    """An application that declares pytest and no floor for it in its settings."""
    if is_application(project) and "pytest" in declared(project):
        path, settings = pytest_settings(project)
        if "minversion" not in settings:
            yield rule.finding(path or "pyproject.toml", "minversion is missing", subject="minversion")


@rule.fixes
def name_it(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The version that is locked, pinned or asked for; where nothing says, 6.0, the first that reads pyproject.toml."""
    route = pytest_table(project)
    if has_metadata(project) and route:
        version = (*version_of(project, "pytest"), 0, 0)[:2] if version_of(project, "pytest") else (6, 0)
        floor = min(version, (9, 0)) if route[-1] == "pytest" else min(version, (8, 0))
        yield SetKey(rule.code, "pyproject.toml", (*route, "minversion"), f"{floor[0]}.{floor[1]}")
