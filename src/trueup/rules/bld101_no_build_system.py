"""The application has a ``[project]`` table and no ``[build-system]``.

uv then does not install it: ``[project.scripts]`` are skipped with a warning, and the code is
importable only from the right working directory. With a build backend ``uv sync`` installs the
package (editable), and tests, console scripts and image all import the same thing. ``uv export`` lists the
project itself, too, from then on: ``--no-emit-project`` keeps such a list what it was.

Source: https://docs.astral.sh/uv/concepts/projects/config/#build-systems

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
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.operation import RemoveKey, SetKey
from trueup.rules import Rule
from trueup.rules.lookups import has_metadata, installed, is_application, table, will_be_installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="uv does not install the code, so it is importable only from the right folder; trueup adds hatchling",
)


@rule.checks
def not_a_package(project: Project) -> Iterator[Finding]:
    """An application with metadata and without a build backend, or told not to be a package; not where there is no
    code but tools beside something else."""
    if not is_application(project) or not has_metadata(project) or project.pyproject is None:
        return
    if project.layout.kind == "none":
        return
    fixable = will_be_installed(project)
    if not table(project, "build-system"):
        yield rule.finding("pyproject.toml", "there is no [build-system]", subject="build-system", fixable=fixable)
    elif table(project, "tool", "uv").get("package") is False:
        place = project.pyproject.at("tool", "uv", "package")
        yield rule.finding(place, "package = false keeps uv from installing it", subject="package", fixable=fixable)


@rule.fixes
def build_with_hatchling(project: Project, finding: Finding) -> Iterator[Operation]:
    """hatchling, once there is a package to build."""
    if not installed(project):
        return
    if finding.subject == "build-system":
        yield SetKey(rule.code, "pyproject.toml", ("build-system", "requires"), ["hatchling"])
        yield SetKey(rule.code, "pyproject.toml", ("build-system", "build-backend"), "hatchling.build")
    if table(project, "tool", "uv").get("package") is False:
        yield RemoveKey(rule.code, "pyproject.toml", ("tool", "uv", "package"))
