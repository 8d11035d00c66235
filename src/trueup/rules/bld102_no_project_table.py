"""``pyproject.toml`` configures tools and says nothing about the project.

Without ``[project]`` there is no name, no version and no dependency that a standard tool could read.
trueup writes the table from what the other files say.

Source: https://packaging.python.org/en/latest/specifications/pyproject-toml/

Flagged:

```
pyproject.toml
    [tool.ruff]
    line-length = 100
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "0.1.0"
    requires-python = ">=3.12"
    dependencies = []

    [tool.ruff]
    line-length = 100

    [tool.hatch.build.targets.wheel]
    packages = ["src/shop"]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import ConvertManifests
from trueup.rules import Rule
from trueup.rules.lookups import is_application, manifest_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="no standard tool can read a name, a version or a dependency; trueup writes [project]",
)

METADATA = {"poetry", "flit", "pdm"}


@rule.checks
def tools_only(project: Project) -> Iterator[Finding]:
    """An application's pyproject.toml without the metadata of any tool."""
    document = project.pyproject
    if not is_application(project) or document is None or document.error or "project" in document.data:
        return
    tools = document.get("tool", default={})
    if not METADATA.intersection(tools if isinstance(tools, dict) else ()):
        yield rule.finding("pyproject.toml", "there is no [project] table", subject="project")


@rule.fixes
def convert(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The table, from all that the other files say."""
    yield ConvertManifests(rule.code, manifest_sources(project))
