"""Files are served or rendered from a folder relative to the working directory.

``StaticFiles(directory="static")`` and ``Jinja2Templates("templates")`` look where the program was started. From
elsewhere, and in an image whose working directory is another, the first stops with an error, the second at the first
page. A path that begins at ``__file__``, or ``importlib.resources.files``, means the same folder everywhere.

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

from typing import TYPE_CHECKING

from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, relative_arguments

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


@rule.checks
def relative_folder(project: Project) -> Iterator[Finding]:
    """Calls of an application that name a relative folder of files."""
    if not is_application(project):
        return
    for path, call in relative_arguments(project, "StaticFiles", "Jinja2Templates"):
        message = f"{call.name} looks for {call.argument} in whatever folder the program is started from"
        yield rule.finding(Place(path, call.line), message, subject=call.argument)
