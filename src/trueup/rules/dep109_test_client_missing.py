"""The tests use FastAPI's ``TestClient``, and nothing declares the HTTP client that it needs.

``fastapi.testclient`` imports httpx when it is used, and FastAPI itself does not depend on it: in a
fresh environment every test file fails to import. Which releases fit follows from FastAPI's version:
before 0.87 it needs requests, up to 0.110.0 an httpx below 0.28.

Source: https://fastapi.tiangolo.com/tutorial/testing/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]

    [dependency-groups]
    test = [
        "pytest>=8",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from fastapi.testclient import TestClient
    from shop.main import app


    def test_app():
        assert TestClient(app)
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]

    [dependency-groups]
    test = [
        "pytest>=8",
        "httpx>=0.23",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
tests/test_main.py
    from fastapi.testclient import TestClient
    from shop.main import app


    def test_app():
        assert TestClient(app)
```
"""

from __future__ import annotations

from trueup.model.operation import AddRequirement
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import (
    declared,
    extras_of,
    has_fastapi_standard,
    has_manifest,
    has_metadata,
    is_application,
    version_of,
)
from trueup.rules.testing import is_of_another

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="in a fresh environment the test files fail to import; trueup adds the client to the group test",
)

# First version of Starlette, and of FastAPI, from which on TestClient needs this; as their releases import it.
NEWEST = (999,)
CLIENTS = (
    ((0, 37, 2), (0, 110, 1), "httpx>=0.23"),
    ((0, 21), (0, 87), "httpx>=0.23,<0.28"),
    ((0,), (0,), "requests>=2.28"),
)


@rule.checks
def client_undeclared(project: Project) -> Iterator[Finding]:
    """The first use of ``TestClient`` in an application whose manifests bring no client for it."""
    if not is_application(project) or not has_manifest(project):
        return
    names = declared(project)
    wanted = client_for(project).split(">")[0]
    if wanted in names or "httpx2" in names or has_fastapi_standard(project) or extras_of(project, "starlette"):
        return
    for path, source in project.sources.items():
        for statement in source.imports:
            uses = statement.module in ("fastapi.testclient", "starlette.testclient")
            if uses and not is_of_another(project, path):
                message = f"TestClient needs {wanted}, which nothing declares"
                yield rule.finding(Place(path, statement.line), message, subject=wanted)
                return


def client_for(project: Project) -> str:
    """The requirement that the declared Starlette or FastAPI has."""
    starlette, fastapi = version_of(project, "starlette"), version_of(project, "fastapi")
    for since_starlette, since_fastapi, client in CLIENTS:
        if (starlette >= since_starlette) if starlette else (fastapi or NEWEST) >= since_fastapi:
            return client
    return CLIENTS[-1][2]


@rule.fixes
def declare(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The client in the group ``test``."""
    if has_metadata(project):
        yield AddRequirement(rule.code, client_for(project), "test")
