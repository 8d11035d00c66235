"""``testpaths`` is missing, or names a folder that is not there.

Without it pytest walks the whole tree and imports whatever looks like a test, scripts and copies
included. A folder that does not exist is only a warning, after which pytest collects everything.

Source: https://docs.pytest.org/en/stable/reference/reference.html#confval-testpaths

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
    addopts = "-ra"
    testpaths = ["tests"]
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
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.lookups import declared, has_metadata, is_application, text_of, words
from trueup.rules.testing import pytest_settings, pytest_table, test_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="pytest then walks the whole tree and imports whatever looks like a test; trueup names the folders",
)

# A test, a class of some, and what brings tests that nothing here names.
TESTED = lazy(
    r"(?m)^[ \t]*(?:async[ \t]+)?def[ \t]+test|^[ \t]*class[ \t]+[^\n:]*Test|\bimport[ \t]+\*"
    r"|\b(?:scenarios|globals|setattr|exec)\("
)
NONE = ("TestCase", "TestClient", "TestServer")  # imported to write tests with


@rule.checks
def paths_of_tests(project: Project) -> Iterator[Finding]:
    """Folders named in ``testpaths`` that are not there; an application with tests and no ``testpaths``."""
    path, settings = pytest_settings(project)
    named = words(settings.get("testpaths"))
    gone = [name for name in named if not exists(project, name)]
    if gone:
        yield rule.finding(path, f"testpaths names {gone[0]}, which is not there", subject="testpaths", fixable=False)
    elif collects_elsewhere(settings) or is_djangos(project):
        return
    elif not named and is_application(project) and "pytest" in declared(project) and folders(project):
        message = "testpaths is missing: pytest collects whatever looks like a test"
        fixable = bool(folders(project)) and len(folders(project)) < 5
        yield rule.finding(path or "pyproject.toml", message, subject="testpaths", severity="info", fixable=fixable)


def collects_elsewhere(settings: Mapping[str, Any]) -> bool:
    """Whether pytest is told to collect from files of the program, too: doctests, or files of any name."""
    options = settings.get("addopts", "")
    return "--doctest-modules" in str(options) or any(
        name in ("*.py", "*") for name in words(settings.get("python_files"))
    )


def is_djangos(project: Project) -> bool:
    """Whether Django's own runner is who finds tests: pytest collects no ``tests.py`` unless it is told to."""
    named = any(source.rpartition("/")[2] == "tests.py" for source in project.sources)
    return named and project.tree.has("manage.py") and "pytest-django" not in declared(project)


def exists(project: Project, name: str) -> bool:
    """Whether an entry of ``testpaths`` leads to something; globs are believed."""
    plain = name.split("::")[0].removeprefix("./").rstrip("/")
    return (
        plain in ("", ".")
        or any(mark in plain for mark in "*?[")
        or project.tree.has(plain)
        or project.tree.has_dir(plain)
    )


def folders(project: Project) -> list[str]:
    """The folders that together hold every file that pytest collects, as short as they can be said."""
    found = set()
    for path in test_files(project):
        parts = path.split("/")
        at = next((number for number, part in enumerate(parts[:-1]) if part in ("tests", "test")), None)
        if at is not None or holds_tests(project, path):  # a router may be called api_test.py
            found.add(path if at is None else "/".join(parts[: at + 1]))
    return sorted(found)


def holds_tests(project: Project, path: str) -> bool:
    """Whether a file that is called like tests has any; a name that is given to one, or imported, is one to pytest."""
    named = (name for name in project.sources[path].defines if name not in NONE)
    renamed = {"python_functions", "python_classes"} & pytest_settings(project)[1].keys()
    return (
        any(name.startswith(("test_", "Test")) for name in named)
        or TESTED.search(text_of(project, path)) is not None
        or bool(renamed)
    )


@rule.fixes
def name_them(project: Project, _finding: Finding) -> Iterator[Operation]:
    """All that pytest collects today, by name."""
    route = pytest_table(project)
    if has_metadata(project) and route:
        yield SetKey(rule.code, "pyproject.toml", (*route, "testpaths"), folders(project))
