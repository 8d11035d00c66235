"""A table stands where the standard wants a list, or groups are such that no tool reads them.

``[project.dependencies]`` and ``[dependency-groups.dev]`` look natural to those who come from
Poetry, and no tool reads them: uv stops with "invalid type: map, expected a sequence". It stops also at two groups of
one name (``dev-tools`` and ``dev_tools``), at a group that includes itself or one that is not there, and where
``default-groups`` names none.

Source: https://peps.python.org/pep-0735/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"

    [project.dependencies]
    fastapi = ">=0.115"
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    dependencies = ["fastapi>=0.115"]
```
"""

from __future__ import annotations

from trueup.model.names import normal
from trueup.rules import Rule
from trueup.rules.lookups import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="error",
    help="no tool reads the file at all",
    no_fix="what is meant is yours to say: dependencies, extras and groups are lists of requirements (PEP 508)",
)

REFUSED = "uv refuses the whole file: no command of it works"


@rule.checks
def table_for_list(project: Project) -> Iterator[Finding]:
    """Dependencies, extras and groups that are tables."""
    document = project.pyproject
    if document is None:
        return
    routes: list[tuple[str, ...]] = [("project", "dependencies")]
    routes += [
        ("project", "optional-dependencies", name) for name in table(project, "project", "optional-dependencies")
    ]
    routes += [("dependency-groups", name) for name in table(project, "dependency-groups")]
    for route in routes:
        if isinstance(document.get(*route), dict):
            name = ".".join(route)
            yield rule.finding(document.at(*route), f"[{name}] is a table, the standard wants a list", subject=name)
    for name, message in refused_groups(project):
        yield rule.finding(document.at("dependency-groups", name), message, subject=name, help=REFUSED)
    given = table(project, "tool", "uv").get("default-groups")
    groups = {normal(name) for name in table(project, "dependency-groups")} | {"dev"}
    for name in given if isinstance(given, list) else ():
        if normal(str(name)) not in groups:
            place = document.at("tool", "uv", "default-groups")
            yield rule.finding(
                place, f"default-groups names {name}, which is no group", subject=str(name), help=REFUSED
            )


def refused_groups(project: Project) -> Iterator[tuple[str, str]]:
    """Groups that uv refuses, each with why: two of one name, and what includes itself or nothing."""
    groups = table(project, "dependency-groups")
    names: dict[str, str] = {}
    for name in groups:
        first = names.setdefault(normal(name), name)
        if first != name:
            yield name, f"the groups {first} and {name} have one name"
    includes = {
        normal(name): [
            normal(str(item["include-group"])) for item in items if isinstance(item, dict) and "include-group" in item
        ]
        for name, items in groups.items()
        if isinstance(items, list)
    }
    for name, listed in includes.items():
        for other in listed:
            if other not in names:
                yield names[name], f"the group {names[name]} includes {other}, which is no group"
    circle = next((name for name, listed in includes.items() if name in closure(includes, listed)), "")
    if circle:
        yield names[circle], f"the group {names[circle]} includes itself"


def closure(includes: dict[str, list[str]], listed: list[str]) -> set[str]:
    """The groups that a list of groups includes, directly or not."""
    pending, found = list(listed), set[str]()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += includes.get(name, [])
    return found
