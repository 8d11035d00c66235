"""``uv sync`` does not install the group that holds pytest.

Only the group ``dev`` is installed by default. The environment then has no pytest, and ``uv run
pytest`` takes one from the PATH, with another interpreter: it fails for a strange reason, or passes
without having run the project's packages.

Source: https://docs.astral.sh/uv/concepts/projects/dependencies/#default-groups

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [dependency-groups]
    dev = ["ruff"]
    test = ["pytest>=8"]
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

    [dependency-groups]
    dev = ["ruff"]
    test = ["pytest>=8"]

    [tool.uv]
    default-groups = [
        "dev",
        "test",
    ]
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.operation import SetKey
from trueup.rules import Rule
from trueup.rules.lookups import is_application, table
from trueup.rules.testing import groups_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="`uv run pytest` takes a pytest from the PATH, with another interpreter; trueup makes the group a default one",
)


@rule.checks
def not_default(project: Project) -> Iterator[Finding]:
    """Groups with pytest of an application, none of which is installed by default."""
    groups = groups_with(project, "pytest")
    if not is_application(project) or not groups or project.pyproject is None:
        return
    if not default_closure(project).intersection(groups):
        group = wanted(groups)
        place = project.pyproject.at("dependency-groups", group)
        yield rule.finding(place, f"uv sync does not install the group {group}, which holds pytest", subject=group)


def default_groups(project: Project) -> list[str]:
    """The groups that ``uv sync`` installs."""
    groups = table(project, "dependency-groups")
    given = table(project, "tool", "uv").get("default-groups", [name for name in groups if name == "dev"])
    return list(groups) if given == "all" else [str(name) for name in given] if isinstance(given, list) else []


def default_closure(project: Project) -> set[str]:
    """Those, and what they include; pytest may also stand in uv's old list of development dependencies."""
    groups = table(project, "dependency-groups")
    pending, found = default_groups(project), set[str]()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            items = groups.get(name, [])
            pending += [item["include-group"] for item in items if isinstance(item, dict) and "include-group" in item]
    return found


def wanted(groups: list[str]) -> str:
    """The group that is meant for tests."""
    return next((name for name in groups if name in ("test", "tests", "testing")), groups[0])


@rule.fixes
def make_default(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The group beside those that are default already."""
    groups = groups_with(project, "pytest")
    if groups:
        value = [*default_groups(project), wanted(groups)]
        yield SetKey(rule.code, "pyproject.toml", ("tool", "uv", "default-groups"), value)
