'''The gate of the coverage counts the file that does nothing but start the application.

``main()`` calls uvicorn and does not return, so no test runs it in the same process. With
``--cov-fail-under=100`` (or ``fail_under``) a suite that passed yesterday then fails, although no test came out
otherwise. trueup tells coverage to leave out the starter that it wrote itself.

Source: https://coverage.readthedocs.io/en/latest/config.html#run-omit

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    scripts = {shop = "shop.__main__:main"}

    [tool.pytest.ini_options]
    addopts = "--cov=shop --cov-fail-under=100"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
src/shop/__main__.py
    """Serve the application: ``python -m shop``."""

    import uvicorn


    def main() -> None:
        uvicorn.run("shop.main:app")
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    scripts = {shop = "shop.__main__:main"}

    [tool.pytest.ini_options]
    addopts = "--cov=shop --cov-fail-under=100"

    [tool.coverage.run]
    omit = ["src/shop/__main__.py"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
src/shop/__main__.py
    """Serve the application: ``python -m shop``."""

    import uvicorn


    def main() -> None:
        uvicorn.run("shop.main:app")
```
'''

from __future__ import annotations

from fnmatch import fnmatchcase

from trueup.model.operation import SetKey
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, is_application, table, text_of, words
from trueup.rules.testing import pytest_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="the suite then fails though every test passes; trueup leaves its own starter out of the count",
)

OMIT = ("tool", "coverage", "run", "omit")
STARTER = '"""Serve the application'
OTHERS = ((".coveragerc", ""), ("setup.cfg", "coverage:run"), ("tox.ini", "coverage:run"))


@rule.checks
def counted(project: Project) -> Iterator[Finding]:
    """A starter as trueup writes it, in a project whose coverage has a gate that counts it."""
    if not is_application(project) or not has_metadata(project) or not has_gate(project) or is_elsewhere(project):
        return
    omitted = words(table(project, *OMIT[:-1]).get("omit"))
    for path in project.sources:
        counts = not any(fnmatchcase(path, pattern) for pattern in omitted)
        if path.startswith("src/") and counts and text_of(project, path).startswith(STARTER):
            yield rule.finding(path, "the gate of the coverage counts what only starts the application", subject=path)


def has_gate(project: Project) -> bool:
    """Whether a suite fails below some coverage."""
    _, settings = pytest_settings(project)
    options = " ".join(words(settings.get("addopts")))
    return "--cov-fail-under" in options or "fail_under" in table(project, "tool", "coverage", "report")


def is_elsewhere(project: Project) -> bool:
    """Whether coverage is told what to do by another file than pyproject.toml."""
    found = [(project.document(path), section) for path, section in OTHERS]
    return any(document is not None and (not section or document.get(section)) for document, section in found)


@rule.fixes
def leave_out(project: Project, finding: Finding) -> Iterator[Operation]:
    """The starter among what coverage omits."""
    omitted = words(table(project, *OMIT[:-1]).get("omit"))
    yield SetKey(rule.code, "pyproject.toml", OMIT, [*omitted, finding.subject])
