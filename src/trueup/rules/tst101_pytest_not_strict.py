"""pytest accepts unknown markers and unknown settings.

A misspelt marker then selects nothing, a misspelt setting is ignored, and both look green. With
``--strict-markers`` and ``--strict-config`` pytest stops instead.

Source: https://docs.pytest.org/en/stable/reference/reference.html

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
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
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
    addopts = "-ra --strict-markers --strict-config"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from shop.main import app


    def test_app():
        assert app
```
"""

from __future__ import annotations

from trueup.model.operation import SetKey
from trueup.model.packages import facts
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.lookups import declared, has_metadata, is_application, some, text_of, words
from trueup.rules.testing import pytest_settings, pytest_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="a misspelt marker selects nothing and looks green; trueup makes pytest stop instead",
    no_fix="markers or settings are in use that pytest would then refuse: register them first",
)

MARKER = lazy(r"\bpytest\.mark\.(\w+)")
NAME_END = lazy(r"[:(\s]")


@rule.checks
def not_strict(project: Project) -> Iterator[Finding]:
    """An application with pytest whose settings in force are not strict about both."""
    if not is_application(project) or "pytest" not in declared(project):
        return
    path, settings = pytest_settings(project)
    lacking = lacking_flags(settings)
    if not lacking:
        return
    unknown = unregistered(project, settings)
    because = f"; in use and not registered: {some(unknown)}" if unknown else ""
    place = path or "pyproject.toml"
    yield rule.finding(place, f"pytest lacks {' and '.join(lacking)}{because}", subject="strict", fixable=not unknown)


def lacking_flags(settings: dict[str, Any]) -> list[str]:
    """The flags that neither ``addopts`` nor pytest 9's own settings give."""
    if settings.get("strict") in (True, "true", "True"):
        return []
    given = words(settings.get("addopts"))
    switches = {"--strict-markers": "strict_markers", "--strict-config": "strict_config"}
    on = [flag for flag, key in switches.items() if str(settings.get(key)).lower() == "true"]
    return [flag for flag in switches if flag not in (*given, *on)]


def unregistered(project: Project, settings: dict[str, Any]) -> list[str]:
    """Markers and settings in use that strict pytest would refuse, as far as can be seen."""
    known, names = facts("pytest"), {*declared(project), "anyio"}  # Starlette brings anyio, and its plugin with it
    listed = settings.get("markers", [])
    lines = listed.splitlines() if isinstance(listed, str) else listed
    by_plugins = [marker for marker, plugin in known["plugins"].items() if plugin in names]
    registered = {*known["markers"], *by_plugins, *(NAME_END.split(line.strip())[0] for line in lines)}
    tests = filter(project.is_test, project.sources)
    used = {marker for path in tests for marker in MARKER.findall(text_of(project, path))}
    by_plugins += [key for key, plugin in known["plugin_settings"].items() if plugin in names]
    strange = {key for key in settings if key not in known["settings"] and key not in by_plugins}
    return sorted(used - registered) + sorted(strange)


@rule.fixes
def make_strict(project: Project, _finding: Finding) -> Iterator[Operation]:
    """Both flags behind what ``addopts`` says, or pytest 9's switch in its own table."""
    settings, route = pytest_settings(project)[1], pytest_table(project)
    if not has_metadata(project) or not route:
        return
    if route[-1] == "pytest":
        yield SetKey(rule.code, "pyproject.toml", (*route, "strict"), True)
        return
    given, lacking = settings.get("addopts", "-ra"), lacking_flags(settings)
    value: Any = [*given, *lacking] if isinstance(given, list) else " ".join([given, *lacking]).strip()
    yield SetKey(rule.code, "pyproject.toml", (*route, "addopts"), value)
