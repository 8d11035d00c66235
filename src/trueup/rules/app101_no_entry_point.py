'''No command starts the application.

How it runs is then knowledge of people, Dockerfiles and README lines that drift apart. A console
script in ``[project.scripts]`` is one name for it everywhere. trueup writes a ``main`` that hands
uvicorn the import string, since an application object can be neither called nor reloaded.

Source: https://packaging.python.org/en/latest/specifications/entry-points/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi", "uvicorn"]
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
    dependencies = ["fastapi", "uvicorn"]

    [project.scripts]
    shop = "shop.__main__:main"
src/shop/__init__.py
src/shop/__main__.py
    """Serve the application: ``python -m shop``."""

    import os

    import uvicorn


    def main() -> None:
        """Serve on HOST (default 127.0.0.1) and PORT (default 8000)."""
        host = os.environ.get("HOST", "127.0.0.1")
        port = int(os.environ.get("PORT", "8000"))
        uvicorn.run("shop.main:app", host=host, port=port)


    if __name__ == "__main__":
        main()
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
'''

from __future__ import annotations

from trueup.model.operation import CreateFile, SetKey
from trueup.model.pattern import lazy
from trueup.rules import Rule
from trueup.rules.lookups import (
    SERVERS,
    declared,
    has_metadata,
    installed,
    is_application,
    is_asgi,
    table,
    will_be_installed,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="how it starts is known to an image, a script or people alone; trueup writes a main() that calls uvicorn",
)

MODULES = ("__main__", "serve")
TEMPLATE = '''\
"""Serve the application: ``python -m {start}``."""

import os

import uvicorn


def main() -> None:
    """Serve on HOST (default 127.0.0.1) and PORT (default 8000)."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "8000"))
    uvicorn.run("{target}", host=host, port=port{factory})


if __name__ == "__main__":
    main()
'''


QUOTED = lazy(r'(?<!")"([^"\n]+)"(?!")')


@rule.checks
def nothing_starts_it(project: Project) -> Iterator[Finding]:
    """A FastAPI application without any console script."""
    if not (is_application(project) and is_asgi(project)):
        return
    if not table(project, "project", "scripts") and not table(project, "tool", "poetry", "scripts"):
        given = project.app is not None and project.app.given
        fixable = will_be_installed(project) and serves_with_uvicorn(project) and not given
        place = project.pyproject.at("project") if project.pyproject else "pyproject.toml"
        yield rule.finding(place, f"no console script starts {project.app}", subject="scripts", fixable=fixable)


def serves_with_uvicorn(project: Project) -> bool:
    """Whether uvicorn is there, or no other server is."""
    names = declared(project)
    return "uvicorn" in names or not any(name in names for name in SERVERS)


@rule.fixes
def write_main(project: Project, _finding: Finding) -> Iterator[Operation]:
    """A module with ``main``, and the command that names it; once the package is where it stays."""
    app, package = project.app, project.layout.package
    if app is None or app.given or not installed(project) or not has_metadata(project):
        return
    taken = [module for module in MODULES if project.tree.has(f"src/{package}/{module}.py")]
    free = [module for module in MODULES if module not in taken]
    if not free or not package or app.module.split(".")[0] != package:
        return
    module = free[0]
    command = "start" if project.settings.profile == "report" else project.name
    content = TEMPLATE.format(
        start=package if module == "__main__" else f"{package}.{module}",
        target=app,
        factory=", factory=True" if app.factory else "",
    )
    if has_single_quotes(project):
        content = QUOTED.sub(r"'\1'", content)
    yield CreateFile(rule.code, f"src/{package}/{module}.py", content)
    yield SetKey(rule.code, "pyproject.toml", ("project", "scripts", command), f"{package}.{module}:main")


def has_single_quotes(project: Project) -> bool:
    """Whether ruff is told to write single quotes; those of docstrings stay."""
    for name, top in (("pyproject.toml", ("tool", "ruff")), ("ruff.toml", ()), (".ruff.toml", ())):
        document = project.document(name)
        routes = ((*top, "format", "quote-style"), (*top, "lint", "flake8-quotes", "inline-quotes"))
        if document and any(document.get(*route) == "single" for route in routes):
            return True
    return False
