"""``.python-version`` names something else than a version.

A pyenv virtualenv's name (``shop-3.9``) means nothing on another machine, and uv ignores it. A path
is worse: every uv command in the project runs the file it names.

Source: https://docs.astral.sh/uv/concepts/python-versions/#python-version-files

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.13"
.python-version
    shop-env
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
    requires-python = ">=3.13"
.python-version
    3.13
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

import re

from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import chosen_python, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

ENVIRONMENT = lazy(r"[A-Za-z][\w.+-]*")

rule = Rule(
    __name__,
    severity="error",
    help="it means nothing on another machine, and a path is run by every uv command; trueup pins a version",
)

PIN = ".python-version"
VERSION = lazy(
    r"((c?python|pypy|graalpy|pyodide)([-@]?\d|$)|\d|[<>=~!]=?\s*\d)[\w.+@-]*(\s*,\s*[<>=~!]=?\s*[\d.*]+)*",
    re.IGNORECASE,
)


@rule.checks
def no_version(project: Project) -> Iterator[Finding]:
    """Each line of the version file that is no version request."""
    for number, line in lines(project, PIN):
        text = line.partition("#")[0].strip()
        if text and not VERSION.fullmatch(text):
            path = "/" in text or "\\" in text
            message = f"`{text}` is a path, which every uv command would run" if path else f"`{text}` is no version"
            yield rule.finding(Place(PIN, number), message, subject=text)


@rule.fixes
def pin(project: Project, finding: Finding) -> Iterator[Operation]:
    """The version that the rest of the evidence speaks for."""
    old = finding.subject
    asks = f"`{old}` may name an environment of pyenv-virtualenv, which pyenv activates here no more"
    yield ReplaceText(
        rule.code, PIN, finding.line, old, chosen_python(project), asks if ENVIRONMENT.fullmatch(old) else ""
    )
