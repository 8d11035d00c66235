"""The application declares no server that could run it.

FastAPI is only half of a running program: without uvicorn (or ``fastapi[standard]``, which brings
it) the declared environment cannot serve one request.

Source: https://fastapi.tiangolo.com/deployment/manually/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = [
        "fastapi>=0.115",
    ]
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
    dependencies = [
        "fastapi>=0.115",
        "uvicorn",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import AddRequirement
from trueup.rules import Rule
from trueup.rules.lookups import (
    SERVERS,
    declared,
    has_fastapi_standard,
    has_manifest,
    has_metadata,
    is_application,
    is_asgi,
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
    help="the declared environment cannot serve a request; trueup adds uvicorn",
)


@rule.checks
def no_server(project: Project) -> Iterator[Finding]:
    """A FastAPI application whose manifests name no server."""
    if not (is_application(project) and is_asgi(project) and has_manifest(project)):
        return
    names = declared(project)
    if not has_fastapi_standard(project) and not any(name in names for name in SERVERS):
        yield rule.finding("pyproject.toml", "no server is declared (uvicorn, or fastapi[standard])", subject="uvicorn")


@rule.fixes
def declare(project: Project, _finding: Finding) -> Iterator[Operation]:
    """uvicorn among the runtime dependencies."""
    if has_metadata(project):
        yield AddRequirement(rule.code, "uvicorn")
