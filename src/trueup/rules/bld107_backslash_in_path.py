r"""A path in the build settings, or in what an image copies, is written with backslashes.

Patterns and paths in pyproject.toml use ``/`` on every system. With ``\`` the build finds the files on the Windows
machine on which it was written, if at all; on any other the name is that of a file with a backslash in it, and the
wheel is built without the code. Docker takes them away, and finds nothing.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/#license-files

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"

    [tool.hatch.build.targets.wheel]
    packages = ['src\shop']  # the code
src/shop/__init__.py
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

    [tool.hatch.build.targets.wheel]
    packages = ['src/shop']  # the code
src/shop/__init__.py
```
"""

from __future__ import annotations

import re

from trueup.model.operation import ReplaceText
from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.images import dockerfiles
from trueup.rules.lookups import lines, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.document import Route
    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="on other systems the build finds no such file; trueup writes a slash",
)

SETTINGS: tuple[Route, ...] = (
    ("project", "readme"),
    ("project", "license-files"),
    ("tool", "hatch", "build"),
    ("tool", "setuptools", "packages"),
    ("tool", "setuptools", "package-dir"),
    ("tool", "setuptools", "package-data"),
    ("tool", "setuptools", "data-files"),
    ("tool", "setuptools", "py-modules"),
    ("tool", "uv", "build-backend"),
    ("tool", "uv", "workspace"),
    ("tool", "poetry", "packages"),
    ("tool", "poetry", "include"),
    ("tool", "pdm", "build"),
    ("tool", "flit", "sdist"),
    ("tool", "pytest", "ini_options", "testpaths"),
    ("tool", "pytest", "testpaths"),
    ("tool", "coverage", "run", "source"),
    ("tool", "mypy", "files"),
)
NO_PATHS = ("hooks", "pattern")  # a hook's own settings, a regular expression
COPIED = lazy(
    r"\s*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*(?!.*[\[<])(?:[^\s\\]+[ \t]+)*"
    r"(?P<path>(?:\.|[\w.-]+)(?:\\[\w.-]+)+\\?)[ \t]",
    re.IGNORECASE,
    words=("\\",),
)
PATH = lazy(r"(?:[\w.*-]+[\\/])*[\w.*-]*[\w*]\\[\w*.-][\w.*\\/-]*")  # `\#` and `\!` escape in patterns


@rule.checks
def backslashes(project: Project) -> Iterator[Finding]:
    """Every such text below the tables in which backends read paths."""
    document = project.pyproject
    for setting in SETTINGS if document and "\\" in document.source else ():
        for route, text in texts(document.get(*setting) if document else None, setting):
            if document and PATH.fullmatch(text):
                place = document.at(*route)
                fixable = written(dict(lines(project, place.path)).get(place.line, ""), text) != ""
                yield rule.finding(place, f"`{text}` is no path outside Windows", subject=text, fixable=fixable)
    for path in dockerfiles(project):
        told = "escape=`" in text_of(project, path)[:200]
        for number, line in lines(project, path):
            found = None if told else COPIED.match(line)
            if found:
                message = f"`{found['path']}` is no path in an image of Linux: Docker takes the backslash away"
                yield rule.finding(
                    Place(path, number), message, subject=found["path"], fixable=False, help="the image does not build"
                )


def texts(value: object, route: Route) -> Iterator[tuple[Route, str]]:
    """Every text below a setting, with its route."""
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in NO_PATHS:
                yield from texts(item, (*route, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts(item, (*route, number))


def written(line: str, text: str) -> str:
    """How a text stands in a line, with or without escapes; ``""`` where it stands there not once."""
    spelt = [f"'{text}'", '"' + text.replace("\\", "\\\\") + '"']
    found = [item for item in spelt if item in line]
    return found[0] if len(found) == 1 and line.count(found[0]) == 1 else ""


@rule.fixes
def slashes(project: Project, finding: Finding) -> Iterator[Operation]:
    """The same text with slashes, in its own quotes."""
    old = written(dict(lines(project, finding.path))[finding.line], finding.subject)
    yield ReplaceText(rule.code, finding.path, finding.line, old, old.replace("\\\\", "/").replace("\\", "/"))
