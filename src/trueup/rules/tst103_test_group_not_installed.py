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

import re

from trueup.model.groups import default_groups, with_included
from trueup.model.names import normal, requirement_name
from trueup.model.operation import AddRequirement, SetKey
from trueup.rules import Rule
from trueup.rules.lookups import is_application, table
from trueup.rules.testing import groups_with

TYPE_CHECKING = False
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
    """Groups or an extra with pytest of an application, none of which is installed by default."""
    groups = groups_with(project, "pytest")
    if not is_application(project) or project.pyproject is None:
        return
    extra = "" if groups else extra_with(project, "pytest")
    if extra:
        place = project.pyproject.at("project", "optional-dependencies", extra)
        message = f"uv sync does not install the extra {extra}, which holds pytest"
        yield rule.finding(place, message, subject=extra, severity="warning")
    if groups and not default_closure(project).intersection(groups):
        group = wanted(groups)
        place = project.pyproject.at("dependency-groups", group)
        message = f"uv sync does not install the group {group}, which holds pytest"
        none = table(project, "tool", "uv").get("default-groups") == []  # which somebody wrote on purpose
        yield rule.finding(place, message, subject=group, fixable=not none, severity="warning" if none else None)


def extra_with(project: Project, name: str) -> str:
    """The published extra that holds a distribution and that no group asks for; ``""`` where there is none."""
    asked = set()
    for items in table(project, "dependency-groups").values():
        for text in items if isinstance(items, list) else ():
            found = re.fullmatch(r"([\w.-]+)\s*\[([^\]]+)\].*", str(text))
            if found and normal(found[1]) == project.name:
                asked |= {normal(part.strip()) for part in found[2].split(",")}
    for extra, items in table(project, "project", "optional-dependencies").items():
        names = {requirement_name(str(text)) for text in items} if isinstance(items, list) else set()
        if name in names:
            return "" if normal(extra) in asked else str(extra)
    return ""


def defaults(project: Project) -> list[str]:
    """The groups that ``uv sync`` installs unasked."""
    groups = table(project, "dependency-groups")
    named = default_groups(groups, table(project, "tool", "uv").get("default-groups"))
    return [name for name in named if name in groups]


def default_closure(project: Project) -> set[str]:
    """Those, and what they include."""
    return set(with_included(table(project, "dependency-groups"), defaults(project)))


def wanted(groups: list[str]) -> str:
    """The group that is meant for tests."""
    return next((name for name in groups if name in ("test", "tests", "testing")), groups[0])


@rule.fixes
def make_default(project: Project, _finding: Finding) -> Iterator[Operation]:
    """The group beside those that are default already; an extra, which stays published, through the group dev."""
    groups = groups_with(project, "pytest")
    extra = "" if groups else extra_with(project, "pytest")
    if extra:
        yield AddRequirement(rule.code, f"{project.name}[{extra}]", "dev")
        if "dev" not in defaults(project) and table(project, "tool", "uv").get("default-groups") is not None:
            value = [*defaults(project), "dev"]
            yield SetKey(rule.code, "pyproject.toml", ("tool", "uv", "default-groups"), value)
    if groups:
        value = [*defaults(project), wanted(groups)]
        yield SetKey(rule.code, "pyproject.toml", ("tool", "uv", "default-groups"), value)
