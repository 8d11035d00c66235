"""``[tool.fastapi]`` does not name the application.

``fastapi dev`` and ``fastapi run`` look for ``main.py``, ``app.py`` or ``api.py`` at the root and in
``app/``; in a src layout they find nothing. One line tells them.

Source: https://fastapi.tiangolo.com/fastapi-cli/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
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

    [tool.fastapi]
    entrypoint = "shop.main:app"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import SetKey
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, installed, is_application, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="`fastapi dev` finds nothing in a src layout by itself; trueup names the application",
)


@rule.checks
def not_named(project: Project) -> Iterator[Finding]:
    """A FastAPI application object in an installed layout that fastapi's command would not find."""
    app = project.app
    if app is None or app.framework != "fastapi" or app.factory or not is_application(project):
        return
    if installed(project) and has_metadata(project) and "entrypoint" not in table(project, "tool", "fastapi"):
        yield rule.finding("pyproject.toml", f"[tool.fastapi] does not name {app}", subject="entrypoint")


@rule.fixes
def name_it(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The import string of the application."""
    yield SetKey(rule.code, "pyproject.toml", ("tool", "fastapi", "entrypoint"), str(project.app))
