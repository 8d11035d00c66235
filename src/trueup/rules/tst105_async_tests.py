"""Asynchronous tests, and nothing says how they run.

pytest does not run ``async def`` tests by itself: without a plugin they fail, or are skipped with a
warning that scrolls by. pytest-asyncio in its default mode runs only those that bear its marker.

Source: https://pytest-asyncio.readthedocs.io/en/stable/concepts.html#test-discovery-modes

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [dependency-groups]
    test = [
        "pytest>=8",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    import pytest
    from shop.main import app


    @pytest.mark.asyncio
    async def test_app():
        assert app
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [dependency-groups]
    test = [
        "pytest>=8",
        "pytest-asyncio>=0.24",
    ]

    [tool.pytest.ini_options]
    asyncio_mode = "strict"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    import pytest
    from shop.main import app


    @pytest.mark.asyncio
    async def test_app():
        assert app
```
"""

from __future__ import annotations

import re

from trueup.model.operation import AddRequirement, SetKey
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.model.versions import holds, is_plain
from trueup.rules import Rule
from trueup.rules.lookups import declared, fixed_version, has_metadata, is_application, text_of
from trueup.rules.testing import is_collected, is_of_another, named, pytest_settings, pytest_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="warning",
    help="pytest does not run them by itself; trueup declares the plugin and the mode that their markers ask for",
    no_fix='tests without a marker run only with asyncio_mode = "auto", which would change what is tested today',
)

MARKED = lazy(r"\bmark\.(asyncio|anyio|trio)\b|^[ \t]*(?:async_)?pytestmark\s*=.*(asyncio|anyio)", re.MULTILINE)
STRICT = (0, 19)  # https://pytest-asyncio.readthedocs.io/en/stable/reference/changelog.html
FEATURES = (*((0, minor) for minor in range(19, 27)), (1, 0), (1, 9))
SINCE_STRICT = tuple((*feature, patch) for feature in FEATURES for patch in (0, 9))
PLUGINS = ("pytest-asyncio", "pytest-aiohttp", "pytest-trio", "pytest-tornasync", "asynctest")


@rule.checks
def nobody_runs_them(project: Project) -> Iterator[Finding]:
    """Asynchronous tests of an application without plugin, or with pytest-asyncio and no mode."""
    names = declared(project)
    django = project.app is not None and project.app.framework == "django"
    if not is_application(project) or (django and not any(name.startswith("pytest") for name in names)):
        return  # Django's own test runner runs them: https://docs.djangoproject.com/en/stable/topics/testing/tools/
    files = [path for path, source in project.sources.items() if source.async_tests and is_collected(path)]
    files = [path for path in files if not (is_of_another(project, path) or of_unittest(project, path))]
    by_marker = {path: markers(project, path) for path in files}
    if not files or set().union(*by_marker.values()) - {"asyncio"}:
        return
    unmarked = [path for path in files if not by_marker[path]]
    if not any(plugin in names for plugin in PLUGINS):
        message = "asynchronous tests, and no plugin that runs them is declared"
        yield rule.finding(Place(files[0]), message, subject="plugin", fixable=not unmarked)
    elif "pytest-asyncio" in names and "asyncio_mode" not in pytest_settings(project)[1]:
        if not unmarked and not may_be_strict(project):
            return
        message = (
            "asynchronous tests without a marker, and asyncio_mode is not set"
            if unmarked
            else "asyncio_mode is not set"
        )
        severity: Severity | None = None if unmarked else "info"
        where = Place(unmarked[0] if unmarked else files[0])
        yield rule.finding(where, message, subject="asyncio_mode", severity=severity, fixable=not unmarked)


def may_be_strict(project: Project) -> bool:
    """Whether the plugin that is declared may be one whose mode is strict where none is said."""
    if version := fixed_version(project, "pytest-asyncio"):
        return version >= STRICT
    said = [item.specifier for item in declared(project)["pytest-asyncio"]]
    strict = {one: (*SINCE_STRICT, *named(one, STRICT)) for one in said}
    return not any(is_plain(one) and not any(holds(one, each) for each in some) for one, some in strict.items())


def markers(project: Project, path: str) -> set[str]:
    """Which plugin's markers a test file uses."""
    return {name for pair in MARKED.findall(text_of(project, path)) for name in pair if name}


def of_unittest(project: Project, path: str) -> bool:
    """Whether all asynchronous tests of a file stand in classes, and unittest, whose class runs them, brings one."""
    text = text_of(project, path)
    return "IsolatedAsyncioTestCase" in text and re.search(r"(?m)^async def test", text) is None


@rule.fixes
def declare(project: Project, finding: Finding) -> Iterator[Operation]:
    """The plugin, and the mode that is its default where none is said, so that nothing changes but that it is said."""
    route = pytest_table(project)
    if not has_metadata(project):
        return
    if finding.subject == "plugin":
        yield AddRequirement(rule.code, "pytest-asyncio>=0.24", "test")
    if route and "asyncio_mode" not in pytest_settings(project)[1]:
        yield SetKey(rule.code, "pyproject.toml", (*route, "asyncio_mode"), "strict")
