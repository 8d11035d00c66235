"""A file or folder is looked for in the working directory.

``StaticFiles(directory="static")``, ``Jinja2Templates("templates")`` and ``open("words.txt")`` look where the program
was started. From elsewhere, and in an image whose working directory is another, the first stops with an error, the
others at the first page or reading. ``sqlite:///./shop.db`` is worse: from elsewhere it is a new, empty database. A
path that begins at ``__file__``, or ``importlib.resources.files``, means the same file everywhere. An ``open`` is told
only where the project has the file.

Source: https://docs.python.org/3/library/importlib.resources.html

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    DATABASE = "sqlite:///./shop.db"

    app = FastAPI()
    app.mount("/static", StaticFiles(directory="static"))
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
src/shop/__init__.py
src/shop/main.py
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    app = FastAPI()
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
```
"""

from __future__ import annotations

import re
from posixpath import normpath

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, is_relative, lines, own_code, relative_arguments, text_of
from trueup.rules.resources import is_there

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    confidence="high",
    help="started from another folder, the files are not found",
    no_fix="begin the path at `Path(__file__)`; or say in the image and the service which folder it is started from",
)


WHEREVER = "in whatever folder the program is started from"
OPENS = lazy(r"""\bopen\([ \t\n]*(?:file[ \t]*=[ \t]*)?[rRuU]?["'][\w.]""", words=("open(",))
READS = lazy(
    r"""^[^#\n]*\bPath\([ \t]*["'](?P<file>(?![/~.]{2})[\w.][\w./-]*)["'][ \t]*\)\.(?:read_text|read_bytes|open)\(""",
    re.MULTILINE,
    words=(".read_text(", ".read_bytes(", ").open("),
)
DATABASE = lazy(
    r"""^[^#\n]*?(?:(["'])(?P<url>sqlite(?:\+\w+)?:///(?![/:])[^"'\s{}?#]*[\w}])(?:\?[^"'\s]*)?\1
    |\b(?:aiosqlite|sqlite3)\.connect\(\s*(["'])(?P<file>(?![/:]|\w:)[^"'{}]+)\3)""",
    re.VERBOSE,
    words=("sqlite",),
)


@rule.checks
def from_working_directory(project: Project) -> Iterator[Finding]:
    """What an application opens, serves or stores by a relative path."""
    if not is_application(project):
        return
    for path, call in relative_arguments(project, "StaticFiles", "Jinja2Templates"):
        message = f"{call.name} looks for {call.argument} {WHEREVER}"
        yield rule.finding(Place(path, call.line), message, subject=call.argument)
    for path in own_code(project):
        text = text_of(project, path)
        if OPENS.search(text):
            yield from opened(project, path)
        for found in READS.finditer(text):
            if is_there(project, normpath(found["file"])):
                line = text.count("\n", 0, found.start()) + 1
                yield rule.finding(
                    Place(path, line), f"{found['file']} is looked for {WHEREVER}", subject=found["file"]
                )
        if "sqlite" in text:
            yield from stored(project, path)


def opened(project: Project, path: str) -> Iterator[Finding]:
    """Files of the project that one file opens by a path from the working directory."""
    for call in project.sources[path].calls:
        if call.name == "open" and is_relative(call) and is_there(project, normpath(call.argument)):
            message = f"{call.argument} is looked for {WHEREVER}"
            yield rule.finding(Place(path, call.line), message, subject=call.argument)


def stored(project: Project, path: str) -> Iterator[Finding]:
    """Databases that one file names by a path from the working directory."""
    for number, line in lines(project, path):
        if found := DATABASE.match(line):
            name = found["url"] or found["file"]
            message = f"{name} is looked for, or made anew, {WHEREVER}"
            yield rule.finding(Place(path, number), message, subject=name)
