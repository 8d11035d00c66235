"""A file beside ``uv.lock`` with which Heroku ends the build.

Its buildpack takes the version from ``.python-version`` alone where it installs with uv: a ``runtime.txt`` is an error,
and so are the files of another manager, since it would not know which one to use.

Source: https://devcenter.heroku.com/articles/python-package-managers

Flagged:

```
.python-version
    3.13
Procfile
    web: uvicorn shop.main:app --host 0.0.0.0 --port $PORT
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
runtime.txt
    python-3.13.1
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
uv.lock
    version = 1
    requires-python = ">=3.13"
```

Fixed:

```
.python-version
    3.13
Procfile
    web: uvicorn shop.main:app --host 0.0.0.0 --port $PORT
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
uv.lock
    version = 1
    requires-python = ">=3.13"
```
"""

from __future__ import annotations

from trueup.model.operation import RemoveFile
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.lookups import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="the build ends; trueup removes a runtime.txt that says what .python-version says",
)

RUNTIME, PIN = "runtime.txt", ".python-version"
OTHERS = ("requirements.txt", "Pipfile.lock", "poetry.lock")  # one of these, and the buildpack cannot choose
VERSION = lazy(r"\s*python-(\d+\.\d+(?:\.\d+)?)\s*")


@rule.checks
def refused(project: Project) -> Iterator[Finding]:
    """What Heroku does not take beside ``uv.lock``, where a ``Procfile`` and a version for Heroku are there."""
    if not project.tree.has("Procfile") or not project.tree.has("uv.lock"):
        return
    said = VERSION.fullmatch(text_of(project, RUNTIME)) if project.tree.has(RUNTIME) else None
    if said:
        pinned = text_of(project, PIN).strip() if project.tree.has(PIN) else ""
        same = pinned == said[1] or (pinned.count(".") == 1 and said[1].startswith(f"{pinned}."))
        yield rule.finding(RUNTIME, f"Heroku takes no {RUNTIME} beside uv.lock", fixable=same, subject=RUNTIME)
    for path in OTHERS if said or project.tree.has("app.json") else ():
        if project.tree.has(path):
            message = f"Heroku does not choose between {path} and uv.lock, and ends the build"
            yield rule.finding(path, message, fixable=False, subject=path)


@rule.fixes
def remove(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The version stands in ``.python-version``, maybe without the patch, of which Heroku then takes the newest."""
    said, pinned = text_of(project, RUNTIME).strip(), text_of(project, PIN).strip()
    patch = "" if said.endswith(f"-{pinned}") else f" as {pinned}, of which Heroku takes the newest patch for {said}"
    yield RemoveFile(
        rule.code, RUNTIME, f"the version stands in {PIN}{patch}; beside uv.lock Heroku takes no {RUNTIME}"
    )
