"""CI installs the application, and nothing builds it.

An editable installation finds modules, data and commands in the source, also those that no wheel brings. That the
package cannot be built, or is built empty, shows where it is installed for the first time.

Source: https://docs.astral.sh/uv/guides/package/#building-your-package

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
uv.lock
    version = 1
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - run: pip install uv==0.13.9 && uv sync --locked
          - run: uv run --locked python -m pytest
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
uv.lock
    version = 1
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
.github/workflows/ci.yml
    jobs:
      test:
        runs-on: ubuntu-24.04
        steps:
          - run: pip install uv==0.13.9 && uv sync --locked
          - run: uv build
          - run: uv run --locked python -m pytest
```
"""

from __future__ import annotations

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, is_locked, table
from trueup.rules.workflows import step_behind, takes_a_step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    help="what an editable installation forgives shows at the first real one; trueup adds the step where uv installs",
)

COMMAND = "uv build"
# What builds a distribution, or installs one that was built; and what may do so out of sight.
BUILDS = lazy(
    r".*(?:\b(?:uv|poetry|pdm|hatch|flit|rye) (?:build|publish)\b|-m build\b|\bpyproject-build\b|bdist_wheel"
    r"|--no-editable|\b(?:docker|podman)(?:-compose| compose)? (?:buildx )?(?:build|bake|up)\b"
    r"|\b(?:make|just|task|tox|nox|hatch|invoke)\b)"
)
WITHOUT = ("--no-install-project", "--no-install-workspace", "--no-install-local", "--only-group", "--only-dev")
ACTION = lazy(r"docker/(?:build-push|bake)-action@|hynek/build-and-inspect-python-package@|pypa/cibuildwheel@")


@rule.checks
def never(project: Project) -> Iterator[Finding]:
    """The CI of an application that can be built, and is only synchronised where uv installs; not where an image is."""
    if not is_application(project) or not is_locked(project) or not table(project, "build-system"):
        return
    if table(project, "tool", "uv").get("package") is False:
        return
    commands = [item for item in project.commands if item.where == "ci"]
    if not commands or any(BUILDS.match(item.text) for item in commands):
        return
    installs = (item for item in commands if not any(word in item.text for word in WITHOUT))
    syncs = [item for item in installs if takes_a_step(project, item)]
    if syncs and not any(ACTION.search(project.tree.text(item.path)) for item in commands):
        name = syncs[0].path.rsplit("/", 1)[-1]
        message = f"{name} installs the project from its source, and nothing builds it"
        yield rule.finding(Place(syncs[0].path, syncs[0].line), message, subject="none")


@rule.fixes
def build_it(project: Project, finding: Finding) -> Iterator[Operation]:
    """The build as the next step."""
    yield from step_behind(project, finding, COMMAND)
