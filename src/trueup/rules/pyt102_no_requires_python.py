"""The manifest does not say which Python it needs.

Without ``requires-python`` uv assumes the interpreter that happens to run it, a resolver may choose
versions that the real one cannot install, and pip installs the package where it cannot run.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
.python-version
    3.13
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

from trueup.model.operation import SetKey
from trueup.model.python import floor_for
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, is_application, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="uv then assumes the interpreter that happens to run it; trueup declares it from what the project says",
)


@rule.checks
def undeclared(project: Project) -> Iterator[Finding]:
    """A ``[project]`` table without requires-python, or an application that says it nowhere."""
    if has_metadata(project):
        metadata = table(project, "project")
        silent = "requires-python" not in metadata and "requires-python" not in metadata.get("dynamic", ())
    else:
        silent = is_application(project) and not any(item.what == "requires" for item in project.evidence)
    if silent and project.kind in ("application", "library"):
        place = project.pyproject.at("project") if project.pyproject else "pyproject.toml"
        yield rule.finding(
            place, "requires-python is missing", subject="requires-python", fixable=is_application(project)
        )


@rule.fixes
def declare(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The floor that the evidence speaks for."""
    if has_metadata(project):
        yield SetKey(rule.code, "pyproject.toml", ("project", "requires-python"), f">={floor_for(project)}")
