"""A development tool stands among the runtime dependencies.

Linters, type checkers and test tools that are installed where the program runs make the image
larger, widen what an attacker can use, and bring constraints of their own into the resolution. They
belong to a dependency group (PEP 735), which no wheel and no production install carries.

Source: https://peps.python.org/pep-0735/

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.12"
    dependencies = [
        "fastapi>=0.115",
        "ruff",
    ]

    [dependency-groups]
    dev = ["mypy"]

    [tool.uv]
    default-groups = ["dev"]

    [tool.hatch.build.targets.wheel]
    packages = ["src/shop"]
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
    requires-python = ">=3.12"
    dependencies = [
        "fastapi>=0.115",
    ]

    [dependency-groups]
    dev = ["mypy", "ruff"]

    [tool.uv]
    default-groups = ["dev"]

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
from trueup.model.packages import import_names, stub_imported, tool
from trueup.model.span import Place
from trueup.model.starts import started_by_code
from trueup.rules import Rule
from trueup.rules.imports import imported
from trueup.rules.lookups import is_application, manifest_sources, runtime, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    help="what only tests and checks the program need not be installed where it runs; trueup moves it to a group",
)

PRODUCTION = ("dockerfile", "compose", "procfile", "platform", "kubernetes")


@rule.checks
def tools_among_runtime(project: Project) -> Iterator[Finding]:
    """Tools among an application's runtime requirements that neither its code imports nor its image runs."""
    if not is_application(project):
        return
    used = set(imported(project, tests=False))
    run = {word for command in project.commands if command.where in PRODUCTION for word in command.argv}
    for manifest in project.manifests:
        tools = [item for item in runtime(manifest) if serves_development(item.name) and item.name not in run]
        tools = [item for item in tools if not is_used(item.name, used)]
        started = started_by_code(project) if tools else {}
        if tools := [item for item in tools if item.name not in started]:
            are = "is a development tool" if len(tools) == 1 else "are development tools"
            message = f"{some([item.name for item in tools])} {are} among the runtime dependencies"
            yield rule.finding(Place(manifest.path, tools[0].line), message)


def is_used(name: str, imported: set[str]) -> bool:
    """Whether one of a distribution's names is imported; stubs bring packages for what their extras name."""
    return not imported.isdisjoint(import_names(name)) or bool(stub_imported(name, imported))


def serves_development(name: str) -> bool:
    """Whether a distribution is known as a tool, and not only where tests need it."""
    known = tool(name)
    return known is not None and not known.tests


@rule.fixes
def convert(project: Project, finding: Finding) -> Iterator[Operation]:
    """The conversion sorts them into groups, those of pyproject.toml too."""
    sources = dict.fromkeys((*manifest_sources(project), finding.path))
    yield ConvertManifests(rule.code, tuple(sources))
